-- Disposal (gallring): what is held back, what is proposed, approved and carried out, and the receipt that stays.
-- Keep this file in step with its twin of the other database.

-- That what is kept of a youth stays for now, whatever has run out.
CREATE TABLE disposal_holds (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  review_on TEXT,
  lifted_on TEXT,
  lift_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((lifted_on IS NULL) = (lift_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX disposal_holds_youth ON disposal_holds (youth_id, id);

-- One run: one proposal, one approval by somebody else, one execution. Its receipt names nobody whose data went.
CREATE TABLE disposal_runs (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  is_of_protected INTEGER NOT NULL CHECK (is_of_protected IN (0, 1)),
  status TEXT NOT NULL CHECK (status IN ('proposed', 'approved', 'executed', 'withdrawn')),
  policies TEXT NOT NULL,
  counts TEXT NOT NULL,
  proposed_by BLOB NOT NULL REFERENCES users (id),
  approved_by BLOB REFERENCES users (id),
  approved_at TEXT,
  archived_at TEXT,
  archive_sha256 TEXT,
  executed_by BLOB REFERENCES users (id),
  executed_at TEXT,
  receipt TEXT,
  receipt_sha256 TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (approved_by IS NULL OR approved_by <> proposed_by),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CHECK (status <> 'approved' OR approved_by IS NOT NULL),
  CHECK (status <> 'executed' OR (approved_by IS NOT NULL AND executed_at IS NOT NULL AND receipt IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX disposal_runs_unit ON disposal_runs (unit_id, id);
CREATE UNIQUE INDEX disposal_runs_one_open ON disposal_runs (unit_id, is_of_protected) WHERE status IN ('proposed', 'approved');
CREATE TRIGGER disposal_runs_no_update BEFORE UPDATE ON disposal_runs WHEN OLD.status IN ('executed', 'withdrawn')
  BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;
CREATE TRIGGER disposal_runs_no_delete BEFORE DELETE ON disposal_runs BEGIN SELECT RAISE(ABORT, 'a receipt never changes'); END;

-- What a run would take. Gone once it has been carried out or withdrawn.
CREATE TABLE disposal_items (
  id BLOB NOT NULL PRIMARY KEY,
  run_id BLOB NOT NULL REFERENCES disposal_runs (id),
  class TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  youth_id BLOB REFERENCES youths (id),
  anchor_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  archive_digest TEXT,
  UNIQUE (subject_id, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX disposal_items_run ON disposal_items (run_id, id);
CREATE INDEX disposal_items_youth ON disposal_items (youth_id);

-- The register of disclosures is append-only, but for what an approved run takes.
DROP TRIGGER disclosures_no_delete;
CREATE TRIGGER disclosures_no_delete BEFORE DELETE ON disclosures
  WHEN NOT EXISTS (SELECT 1 FROM disposal_items i JOIN disposal_runs r ON r.id = i.run_id
    WHERE i.youth_id = OLD.youth_id AND i.class = 'youth_file' AND r.status = 'approved')
  BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
DROP TRIGGER protected_disclosures_no_delete;
CREATE TRIGGER protected_disclosures_no_delete BEFORE DELETE ON protected_disclosures
  WHEN NOT EXISTS (SELECT 1 FROM disposal_items i JOIN disposal_runs r ON r.id = i.run_id
    WHERE i.youth_id = OLD.youth_id AND i.class IN ('youth_file', 'protected_compartment') AND r.status = 'approved')
  BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
