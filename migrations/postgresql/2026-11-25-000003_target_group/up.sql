-- Who is in the target group (skollagen 29:9): dated facts of home, school and exam, the candidates found from them, and the runs.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

-- Facts about the youth itself ------------------------------------------------------------------
ALTER TABLE youths ADD COLUMN compulsory_school_ended_on date;
ALTER TABLE youths ADD COLUMN compulsory_school_basis text;
ALTER TABLE youths ADD COLUMN deceased_on date;
ALTER TABLE youths ADD COLUMN target_facts_changed_at timestamptz;
CREATE INDEX youths_by_unit ON youths (unit_id, id);

-- What an outreach episode rests on ---------------------------------------------------------------
ALTER TABLE episodes ADD COLUMN basis text;
ALTER TABLE episodes ADD COLUMN basis_text text;

-- Dated facts -------------------------------------------------------------------------------------
CREATE TABLE residences (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  kind text NOT NULL,
  municipality_code text,
  from_on date NOT NULL,
  to_on date,
  source text NOT NULL,
  void_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (to_on IS NULL OR to_on >= from_on)
);
CREATE INDEX residences_youth ON residences (youth_id, from_on, id);
CREATE TABLE enrolments (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  school_type text NOT NULL,
  programme_kind text NOT NULL,
  study_path_code text,
  school text,
  municipality_code text,
  admitted_on date,
  starts_on date,
  ends_on date,
  is_cancelled boolean NOT NULL,
  source text NOT NULL,
  void_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on)
);
CREATE INDEX enrolments_youth ON enrolments (youth_id, created_at, id);
CREATE TABLE exam_documents (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  kind text NOT NULL,
  issued_on date NOT NULL,
  source text NOT NULL,
  void_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX exam_documents_youth ON exam_documents (youth_id, issued_on, id);

-- What the rules find, and who decides on it ------------------------------------------------------
CREATE TABLE target_group_runs (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  for_on date NOT NULL,
  started_by uuid,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  cursor_id uuid,
  counts jsonb NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX target_group_runs_unit ON target_group_runs (unit_id, for_on, id);
CREATE UNIQUE INDEX target_group_runs_one_unfinished ON target_group_runs (unit_id, for_on) WHERE finished_at IS NULL;
CREATE TABLE target_group_candidates (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  run_id uuid NOT NULL REFERENCES target_group_runs (id),
  kind text NOT NULL,
  found_on date NOT NULL,
  rule_version text NOT NULL,
  reason text,
  deregistration_reason text,
  since_on date,
  failed_points jsonb NOT NULL,
  causes jsonb NOT NULL,
  facts jsonb NOT NULL,
  fingerprint text NOT NULL,
  status text NOT NULL,
  decision_reason text,
  episode_id uuid REFERENCES episodes (id),
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX target_group_candidates_youth ON target_group_candidates (youth_id, found_on, id);
CREATE INDEX target_group_candidates_list ON target_group_candidates (unit_id, status, id);
CREATE UNIQUE INDEX target_group_candidates_one_pending ON target_group_candidates (youth_id) WHERE status = 'pending';
