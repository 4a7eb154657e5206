-- One person registered twice: who is not the same, which records were merged, and all that it takes to undo it.
-- Keep this file in step with its twin of the other database.

-- Likely duplicates are looked for among those born on the same day.
CREATE INDEX youths_by_birth ON youths (unit_id, birth_date, id);

-- That two youths are not the same person, so that they are not proposed again. Remembered until it is taken back.
CREATE TABLE duplicate_dismissals (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  other_youth_id uuid NOT NULL REFERENCES youths (id),
  reason text NOT NULL,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdrawal_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);
CREATE INDEX duplicate_dismissals_youth ON duplicate_dismissals (youth_id, id);
CREATE INDEX duplicate_dismissals_other ON duplicate_dismissals (other_youth_id, id);

-- A merge: the record of merged_youth_id has gone, and everything that named it names youth_id. What was moved, changed and
-- set aside, with the record itself, stands in changes until the merge is undone.
CREATE TABLE youth_merges (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  merged_youth_id uuid NOT NULL,
  reason text NOT NULL,
  merged_youth text,
  changes text,
  merged_by uuid,
  undone_at timestamptz,
  undone_by uuid,
  undo_reason text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((undone_at IS NULL) = (undo_reason IS NULL)),
  CHECK (undone_at IS NULL OR changes IS NULL)
);
CREATE INDEX youth_merges_youth ON youth_merges (youth_id, id);
CREATE INDEX youth_merges_merged ON youth_merges (merged_youth_id, id);
CREATE UNIQUE INDEX youth_merges_one_standing ON youth_merges (merged_youth_id) WHERE undone_at IS NULL;

-- The same of the compartment. Every standing merge has a row, whether or not anything lay there.
CREATE TABLE protected_youth_merges (
  merge_id uuid NOT NULL PRIMARY KEY REFERENCES youth_merges (id),
  changes text NOT NULL
);

-- Records that stand nowhere while a merge does, so that their versions go with the youth's file.
CREATE TABLE set_aside_records (
  merge_id uuid NOT NULL REFERENCES youth_merges (id),
  record_id uuid NOT NULL,
  PRIMARY KEY (merge_id, record_id)
);

-- What never changes goes over to the other record of the same person, and back; it says the same as before.
CREATE FUNCTION is_in_merge(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM youth_merges m WHERE m.undone_at IS NULL
    AND one IN (m.youth_id, m.merged_youth_id) AND other IN (m.youth_id, m.merged_youth_id))
$$;
CREATE FUNCTION is_of_one_person(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT one = other OR is_in_merge(one, other)
$$;
CREATE OR REPLACE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'disclosures' THEN
    IF (OLD.id, OLD.referral_id, OLD.recipient_kind, OLD.means, OLD.disclosed_on, OLD.basis, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
        IS NOT DISTINCT FROM (NEW.id, NEW.referral_id, NEW.recipient_kind, NEW.means, NEW.disclosed_on, NEW.basis, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
      AND is_of_one_person(OLD.youth_id, NEW.youth_id)
      AND only_enciphers(OLD.recipient_name, NEW.recipient_name)
      AND only_enciphers(OLD.categories, NEW.categories)
      AND only_enciphers(OLD.basis_reason, NEW.basis_reason)
    THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'protected_disclosures' THEN
    IF (OLD.id, OLD.referral_id, OLD.disclosed_on, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
        IS NOT DISTINCT FROM (NEW.id, NEW.referral_id, NEW.disclosed_on, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
      AND is_of_one_person(OLD.youth_id, NEW.youth_id)
      AND only_enciphers(OLD.recipient_kind, NEW.recipient_kind)
      AND only_enciphers(OLD.recipient_name, NEW.recipient_name)
      AND only_enciphers(OLD.categories, NEW.categories)
      AND only_enciphers(OLD.means, NEW.means)
      AND only_enciphers(OLD.basis, NEW.basis)
      AND only_enciphers(OLD.basis_reason, NEW.basis_reason)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the register of disclosures is append-only';
END $$;
CREATE OR REPLACE FUNCTION refuse_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'plan_revisions' THEN
    IF (OLD.id, OLD.goal_type, OLD.agreed_on, OLD.agreement_form, OLD.made_by, OLD.created_at)
        IS NOT DISTINCT FROM (NEW.id, NEW.goal_type, NEW.agreed_on, NEW.agreement_form, NEW.made_by, NEW.created_at)
      AND ((OLD.youth_id, OLD.episode_id, OLD.number, OLD.based_on) IS NOT DISTINCT FROM (NEW.youth_id, NEW.episode_id, NEW.number, NEW.based_on)
        OR is_in_merge(OLD.youth_id, NEW.youth_id))
      AND only_enciphers(OLD.planning_text, NEW.planning_text)
      AND only_enciphers(OLD.goal_text, NEW.goal_text)
      AND only_enciphers(OLD.items, NEW.items)
      AND only_enciphers(OLD.agreed_to, NEW.agreed_to)
      AND only_enciphers(OLD.not_agreed_to, NEW.not_agreed_to)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a plan revision never changes';
END $$;
DROP TRIGGER register_extracts_no_update ON register_extracts;
CREATE TRIGGER register_extracts_no_update BEFORE UPDATE OF id, requested_on, identity_proof, includes_readers, is_whole, categories, content_sha256, made_by, created_at ON register_extracts FOR EACH ROW EXECUTE FUNCTION refuse_extract_change();
CREATE FUNCTION refuse_extract_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF is_of_one_person(OLD.youth_id, NEW.youth_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what was handed over stays noted';
END $$;
CREATE TRIGGER register_extracts_no_move BEFORE UPDATE OF youth_id ON register_extracts FOR EACH ROW EXECUTE FUNCTION refuse_extract_move();
