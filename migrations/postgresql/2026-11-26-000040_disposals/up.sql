-- Disposal (gallring): what is held back, what is proposed, approved and carried out, and the receipt that stays.
-- Keep this file in step with its twin of the other database.

-- That what is kept of a youth stays for now, whatever has run out.
CREATE TABLE disposal_holds (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  ground text NOT NULL,
  reason text NOT NULL,
  review_on date,
  lifted_on date,
  lift_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((lifted_on IS NULL) = (lift_reason IS NULL))
);
CREATE INDEX disposal_holds_youth ON disposal_holds (youth_id, id);

-- One run: one proposal, one approval by somebody else, one execution. Its receipt names nobody whose data went.
CREATE TABLE disposal_runs (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  is_of_protected boolean NOT NULL,
  status text NOT NULL CHECK (status IN ('proposed', 'approved', 'executed', 'withdrawn')),
  policies jsonb NOT NULL,
  counts jsonb NOT NULL,
  proposed_by uuid NOT NULL REFERENCES users (id),
  approved_by uuid REFERENCES users (id),
  approved_at timestamptz,
  archived_at timestamptz,
  archive_sha256 text,
  executed_by uuid REFERENCES users (id),
  executed_at timestamptz,
  receipt jsonb,
  receipt_sha256 text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (approved_by IS NULL OR approved_by <> proposed_by),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK (status <> 'approved' OR approved_by IS NOT NULL),
  CHECK (status <> 'executed' OR (approved_by IS NOT NULL AND executed_at IS NOT NULL AND receipt IS NOT NULL))
);
CREATE INDEX disposal_runs_unit ON disposal_runs (unit_id, id);
CREATE UNIQUE INDEX disposal_runs_one_open ON disposal_runs (unit_id, is_of_protected) WHERE status IN ('proposed', 'approved');
CREATE FUNCTION refuse_receipt_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.status NOT IN ('executed', 'withdrawn') THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a receipt never changes';
END $$;
CREATE TRIGGER disposal_runs_kept BEFORE UPDATE OR DELETE ON disposal_runs FOR EACH ROW EXECUTE FUNCTION refuse_receipt_change();
CREATE TRIGGER disposal_runs_no_truncate BEFORE TRUNCATE ON disposal_runs FOR EACH STATEMENT EXECUTE FUNCTION refuse_receipt_change();

-- What a run would take. Gone once it has been carried out or withdrawn.
CREATE TABLE disposal_items (
  id uuid NOT NULL PRIMARY KEY,
  run_id uuid NOT NULL REFERENCES disposal_runs (id),
  class text NOT NULL,
  subject_id uuid NOT NULL,
  youth_id uuid REFERENCES youths (id),
  anchor_on date NOT NULL,
  due_on date NOT NULL,
  archive_digest text,
  UNIQUE (subject_id, class)
);
CREATE INDEX disposal_items_run ON disposal_items (run_id, id);
CREATE INDEX disposal_items_youth ON disposal_items (youth_id);

-- The register of disclosures is append-only, but for what an approved run takes.
CREATE FUNCTION refuse_disclosure_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM disposal_items i JOIN disposal_runs r ON r.id = i.run_id
    WHERE i.youth_id = OLD.youth_id AND r.status = 'approved'
      AND (i.class = 'youth_file' OR (i.class = 'protected_compartment' AND TG_TABLE_NAME = 'protected_disclosures')))
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the register of disclosures is append-only';
END $$;
DROP TRIGGER disclosures_append_only ON disclosures;
DROP TRIGGER protected_disclosures_append_only ON protected_disclosures;
CREATE TRIGGER disclosures_append_only BEFORE UPDATE ON disclosures FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_change();
CREATE TRIGGER protected_disclosures_append_only BEFORE UPDATE ON protected_disclosures FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_change();
CREATE TRIGGER disclosures_no_delete BEFORE DELETE ON disclosures FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_removal();
CREATE TRIGGER protected_disclosures_no_delete BEFORE DELETE ON protected_disclosures FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_removal();
