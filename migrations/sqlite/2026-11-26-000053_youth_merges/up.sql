-- One person registered twice: who is not the same, which records were merged, and all that it takes to undo it.
-- Keep this file in step with its twin of the other database.

-- Likely duplicates are looked for among those born on the same day.
CREATE INDEX youths_by_birth ON youths (unit_id, birth_date, id);

-- That two youths are not the same person, so that they are not proposed again. Remembered until it is taken back.
CREATE TABLE duplicate_dismissals (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  other_youth_id BLOB NOT NULL REFERENCES youths (id),
  reason TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_by BLOB,
  withdrawal_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_dismissals_youth ON duplicate_dismissals (youth_id, id);
CREATE INDEX duplicate_dismissals_other ON duplicate_dismissals (other_youth_id, id);

-- A merge: the record of merged_youth_id has gone, and everything that named it names youth_id. What was moved, changed and
-- set aside, with the record itself, stands in changes until the merge is undone.
CREATE TABLE youth_merges (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  merged_youth_id BLOB NOT NULL,
  reason TEXT NOT NULL,
  merged_youth TEXT,
  changes TEXT,
  merged_by BLOB,
  undone_at TEXT,
  undone_by BLOB,
  undo_reason TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((undone_at IS NULL) = (undo_reason IS NULL)),
  CHECK (undone_at IS NULL OR changes IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX youth_merges_youth ON youth_merges (youth_id, id);
CREATE INDEX youth_merges_merged ON youth_merges (merged_youth_id, id);
CREATE UNIQUE INDEX youth_merges_one_standing ON youth_merges (merged_youth_id) WHERE undone_at IS NULL;

-- The same of the compartment. Every standing merge has a row, whether or not anything lay there.
CREATE TABLE protected_youth_merges (
  merge_id BLOB NOT NULL PRIMARY KEY REFERENCES youth_merges (id),
  changes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Records that stand nowhere while a merge does, so that their versions go with the youth's file.
CREATE TABLE set_aside_records (
  merge_id BLOB NOT NULL REFERENCES youth_merges (id),
  record_id BLOB NOT NULL,
  PRIMARY KEY (merge_id, record_id)
) STRICT, WITHOUT ROWID;

-- What never changes goes over to the other record of the same person, and back; it says the same as before.
DROP TRIGGER disclosures_no_update;
CREATE TRIGGER disclosures_no_update BEFORE UPDATE ON disclosures
WHEN (OLD.id, OLD.referral_id, OLD.recipient_kind, OLD.means, OLD.disclosed_on, OLD.basis, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
    IS NOT (NEW.id, NEW.referral_id, NEW.recipient_kind, NEW.means, NEW.disclosed_on, NEW.basis, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
  OR (OLD.recipient_name IS NOT NEW.recipient_name AND NEW.recipient_name NOT LIKE 'kaa1:%')
  OR (OLD.categories IS NOT NEW.categories AND NEW.categories NOT LIKE 'kaa1:%')
  OR (OLD.basis_reason IS NOT NEW.basis_reason AND NEW.basis_reason NOT LIKE 'kaa1:%')
  OR (OLD.recipient_name IS NULL) <> (NEW.recipient_name IS NULL)
  OR (OLD.basis_reason IS NULL) <> (NEW.basis_reason IS NULL)
  OR (OLD.youth_id <> NEW.youth_id AND NOT EXISTS (SELECT 1 FROM youth_merges m WHERE m.undone_at IS NULL
    AND OLD.youth_id IN (m.youth_id, m.merged_youth_id) AND NEW.youth_id IN (m.youth_id, m.merged_youth_id)))
BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
DROP TRIGGER protected_disclosures_no_update;
CREATE TRIGGER protected_disclosures_no_update BEFORE UPDATE ON protected_disclosures
WHEN (OLD.id, OLD.referral_id, OLD.disclosed_on, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
    IS NOT (NEW.id, NEW.referral_id, NEW.disclosed_on, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
  OR (OLD.recipient_kind IS NOT NEW.recipient_kind AND NEW.recipient_kind NOT LIKE 'kaa1:%')
  OR (OLD.recipient_name IS NOT NEW.recipient_name AND NEW.recipient_name NOT LIKE 'kaa1:%')
  OR (OLD.categories IS NOT NEW.categories AND NEW.categories NOT LIKE 'kaa1:%')
  OR (OLD.means IS NOT NEW.means AND NEW.means NOT LIKE 'kaa1:%')
  OR (OLD.basis IS NOT NEW.basis AND NEW.basis NOT LIKE 'kaa1:%')
  OR (OLD.basis_reason IS NOT NEW.basis_reason AND NEW.basis_reason NOT LIKE 'kaa1:%')
  OR (OLD.recipient_name IS NULL) <> (NEW.recipient_name IS NULL)
  OR (OLD.basis_reason IS NULL) <> (NEW.basis_reason IS NULL)
  OR (OLD.youth_id <> NEW.youth_id AND NOT EXISTS (SELECT 1 FROM youth_merges m WHERE m.undone_at IS NULL
    AND OLD.youth_id IN (m.youth_id, m.merged_youth_id) AND NEW.youth_id IN (m.youth_id, m.merged_youth_id)))
BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
DROP TRIGGER plan_revisions_no_update;
CREATE TRIGGER plan_revisions_no_update BEFORE UPDATE ON plan_revisions
WHEN (OLD.id, OLD.goal_type, OLD.agreed_on, OLD.agreement_form, OLD.made_by, OLD.created_at)
    IS NOT (NEW.id, NEW.goal_type, NEW.agreed_on, NEW.agreement_form, NEW.made_by, NEW.created_at)
  OR (OLD.planning_text IS NOT NEW.planning_text AND NEW.planning_text NOT LIKE 'kaa1:%')
  OR (OLD.goal_text IS NOT NEW.goal_text AND NEW.goal_text NOT LIKE 'kaa1:%')
  OR (OLD.items IS NOT NEW.items AND NEW.items NOT LIKE 'kaa1:%')
  OR (OLD.agreed_to IS NOT NEW.agreed_to AND NEW.agreed_to NOT LIKE 'kaa1:%')
  OR (OLD.not_agreed_to IS NOT NEW.not_agreed_to AND NEW.not_agreed_to NOT LIKE 'kaa1:%')
  OR (OLD.agreed_to IS NULL) <> (NEW.agreed_to IS NULL)
  OR (OLD.not_agreed_to IS NULL) <> (NEW.not_agreed_to IS NULL)
  OR ((OLD.youth_id, OLD.episode_id, OLD.number, OLD.based_on) IS NOT (NEW.youth_id, NEW.episode_id, NEW.number, NEW.based_on)
    AND NOT EXISTS (SELECT 1 FROM youth_merges m WHERE m.undone_at IS NULL
    AND OLD.youth_id IN (m.youth_id, m.merged_youth_id) AND NEW.youth_id IN (m.youth_id, m.merged_youth_id)))
BEGIN SELECT RAISE(ABORT, 'a plan revision never changes'); END;
DROP TRIGGER register_extracts_no_update;
CREATE TRIGGER register_extracts_no_update BEFORE UPDATE OF id, requested_on, identity_proof, includes_readers, is_whole, categories, content_sha256, made_by, created_at ON register_extracts BEGIN SELECT RAISE(ABORT, 'what was handed over stays noted'); END;
CREATE TRIGGER register_extracts_no_move BEFORE UPDATE OF youth_id ON register_extracts
WHEN NOT EXISTS (SELECT 1 FROM youth_merges m WHERE m.undone_at IS NULL
    AND OLD.youth_id IN (m.youth_id, m.merged_youth_id) AND NEW.youth_id IN (m.youth_id, m.merged_youth_id))
BEGIN SELECT RAISE(ABORT, 'what was handed over stays noted'); END;
