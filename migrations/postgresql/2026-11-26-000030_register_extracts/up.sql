-- That somebody was given what the register holds about them (GDPR art. 15): when, by whom, for what request, what it
-- covered and its hash, never its content. Keep this file in step with its twin of the other database.

CREATE TABLE register_extracts (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  requested_on date NOT NULL,
  request_reference text,
  identity_proof text NOT NULL,
  reason text NOT NULL,
  includes_readers boolean NOT NULL,
  is_whole boolean NOT NULL,
  categories jsonb NOT NULL,
  omissions text NOT NULL,
  content_sha256 text NOT NULL,
  made_by uuid NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX register_extracts_youth ON register_extracts (youth_id, id);

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_register_extracts (
  extract_id uuid NOT NULL PRIMARY KEY REFERENCES register_extracts (id),
  omissions text NOT NULL
);

-- What was handed over cannot be taken back ----------------------------------------------------
CREATE FUNCTION refuse_extract_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was handed over stays noted';
END $$;
CREATE TRIGGER register_extracts_no_update BEFORE UPDATE OF id, youth_id, requested_on, identity_proof, includes_readers, is_whole, categories, content_sha256, made_by, created_at ON register_extracts FOR EACH ROW EXECUTE FUNCTION refuse_extract_change();
