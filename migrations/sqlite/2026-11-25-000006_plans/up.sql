-- Mappings, plans in revisions that never change, and education contracts.
CREATE TABLE mappings (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  goals TEXT NOT NULL,
  needs TEXT NOT NULL,
  expectations TEXT NOT NULL,
  interests TEXT,
  strengths TEXT,
  made_on TEXT NOT NULL,
  made_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mappings_youth ON mappings (youth_id, made_on, id);
CREATE INDEX mappings_episode ON mappings (episode_id);
CREATE TABLE plan_revisions (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  number INTEGER NOT NULL,
  based_on INTEGER,
  planning_text TEXT NOT NULL,
  goal_type TEXT NOT NULL,
  goal_text TEXT NOT NULL,
  items TEXT NOT NULL,
  agreed_on TEXT,
  agreement_form TEXT,
  agreed_to TEXT,
  not_agreed_to TEXT,
  made_by BLOB,
  created_at TEXT NOT NULL,
  UNIQUE (episode_id, number),
  CHECK ((based_on IS NULL AND number = 1) OR (based_on IS NOT NULL AND number = based_on + 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_revisions_youth ON plan_revisions (youth_id, id);
CREATE TABLE plan_follow_ups (
  id BLOB NOT NULL PRIMARY KEY,
  revision_id BLOB NOT NULL REFERENCES plan_revisions (id),
  due_on TEXT NOT NULL,
  kind TEXT NOT NULL,
  UNIQUE (revision_id, due_on, kind)
) STRICT, WITHOUT ROWID;
-- That a follow-up was done stands beside the revision, which does not change by it.
CREATE TABLE plan_follow_ups_done (
  follow_up_id BLOB NOT NULL PRIMARY KEY REFERENCES plan_follow_ups (id),
  done_on TEXT NOT NULL,
  done_by BLOB,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE education_contracts (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  parties TEXT NOT NULL,
  courses TEXT NOT NULL,
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  signed_on TEXT,
  ended_on TEXT,
  end_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (ends_on >= starts_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX education_contracts_youth ON education_contracts (youth_id, starts_on, id);
CREATE TABLE education_contract_follow_ups (
  id BLOB NOT NULL PRIMARY KEY,
  contract_id BLOB NOT NULL REFERENCES education_contracts (id),
  due_on TEXT NOT NULL,
  done_on TEXT,
  UNIQUE (contract_id, due_on)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER plan_revisions_no_update BEFORE UPDATE ON plan_revisions BEGIN SELECT RAISE(ABORT, 'a plan revision never changes'); END;
CREATE TRIGGER plan_follow_ups_no_update BEFORE UPDATE ON plan_follow_ups BEGIN SELECT RAISE(ABORT, 'a plan revision never changes'); END;
