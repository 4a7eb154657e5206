-- Who is in the target group (skollagen 29:9): dated facts of home, school and exam, the candidates found from them, and the runs.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

-- Facts about the youth itself ------------------------------------------------------------------
ALTER TABLE youths ADD COLUMN compulsory_school_ended_on TEXT;
ALTER TABLE youths ADD COLUMN compulsory_school_basis TEXT;
ALTER TABLE youths ADD COLUMN deceased_on TEXT;
ALTER TABLE youths ADD COLUMN target_facts_changed_at TEXT;
CREATE INDEX youths_by_unit ON youths (unit_id, id);

-- What an outreach episode rests on ---------------------------------------------------------------
ALTER TABLE episodes ADD COLUMN basis TEXT;
ALTER TABLE episodes ADD COLUMN basis_text TEXT;

-- Dated facts -------------------------------------------------------------------------------------
CREATE TABLE residences (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  kind TEXT NOT NULL,
  municipality_code TEXT,
  from_on TEXT NOT NULL,
  to_on TEXT,
  source TEXT NOT NULL,
  void_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (to_on IS NULL OR to_on >= from_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX residences_youth ON residences (youth_id, from_on, id);
CREATE TABLE enrolments (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  school_type TEXT NOT NULL,
  programme_kind TEXT NOT NULL,
  study_path_code TEXT,
  school TEXT,
  municipality_code TEXT,
  admitted_on TEXT,
  starts_on TEXT,
  ends_on TEXT,
  is_cancelled INTEGER NOT NULL CHECK (is_cancelled IN (0, 1)),
  source TEXT NOT NULL,
  void_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolments_youth ON enrolments (youth_id, created_at, id);
CREATE TABLE exam_documents (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  kind TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  source TEXT NOT NULL,
  void_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX exam_documents_youth ON exam_documents (youth_id, issued_on, id);

-- What the rules find, and who decides on it ------------------------------------------------------
CREATE TABLE target_group_runs (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  for_on TEXT NOT NULL,
  started_by BLOB,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  cursor_id BLOB,
  counts TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX target_group_runs_unit ON target_group_runs (unit_id, for_on, id);
CREATE UNIQUE INDEX target_group_runs_one_unfinished ON target_group_runs (unit_id, for_on) WHERE finished_at IS NULL;
CREATE TABLE target_group_candidates (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  unit_id BLOB NOT NULL REFERENCES units (id),
  run_id BLOB NOT NULL REFERENCES target_group_runs (id),
  kind TEXT NOT NULL,
  found_on TEXT NOT NULL,
  rule_version TEXT NOT NULL,
  reason TEXT,
  deregistration_reason TEXT,
  since_on TEXT,
  failed_points TEXT NOT NULL,
  causes TEXT NOT NULL,
  facts TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status TEXT NOT NULL,
  decision_reason TEXT,
  episode_id BLOB REFERENCES episodes (id),
  decided_by BLOB,
  decided_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX target_group_candidates_youth ON target_group_candidates (youth_id, found_on, id);
CREATE INDEX target_group_candidates_list ON target_group_candidates (unit_id, status, id);
CREATE UNIQUE INDEX target_group_candidates_one_pending ON target_group_candidates (youth_id) WHERE status = 'pending';
