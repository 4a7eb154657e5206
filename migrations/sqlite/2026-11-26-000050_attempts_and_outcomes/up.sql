-- What is proposed after an attempt that failed; to which episode somebody came back; and what became of an exit to work or
-- studies some months later. Keep this file in step with its twin of the other database.

ALTER TABLE contacts ADD COLUMN proposed_on TEXT;
ALTER TABLE contacts ADD COLUMN proposed_channel TEXT;
ALTER TABLE contacts ADD COLUMN proposed_staff INTEGER;

ALTER TABLE episodes ADD COLUMN previous_episode_id BLOB REFERENCES episodes (id);

CREATE TABLE outcome_checks (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  months INTEGER NOT NULL,
  due_on TEXT NOT NULL,
  result TEXT,
  source TEXT,
  checked_on TEXT,
  checked_by BLOB,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((result IS NULL) = (checked_on IS NULL)),
  CHECK (source IS NULL OR result IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX outcome_checks_episode ON outcome_checks (episode_id);
CREATE INDEX outcome_checks_youth ON outcome_checks (youth_id, id);
CREATE INDEX outcome_checks_due ON outcome_checks (due_on, id);
