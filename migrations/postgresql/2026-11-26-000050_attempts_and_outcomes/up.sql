-- What is proposed after an attempt that failed; to which episode somebody came back; and what became of an exit to work or
-- studies some months later. Keep this file in step with its twin of the other database.

ALTER TABLE contacts ADD COLUMN proposed_on date;
ALTER TABLE contacts ADD COLUMN proposed_channel text;
ALTER TABLE contacts ADD COLUMN proposed_staff integer;

ALTER TABLE episodes ADD COLUMN previous_episode_id uuid REFERENCES episodes (id);

CREATE TABLE outcome_checks (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  months integer NOT NULL,
  due_on date NOT NULL,
  result text,
  source text,
  checked_on date,
  checked_by uuid,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((result IS NULL) = (checked_on IS NULL)),
  CHECK (source IS NULL OR result IS NOT NULL)
);
CREATE INDEX outcome_checks_episode ON outcome_checks (episode_id);
CREATE INDEX outcome_checks_youth ON outcome_checks (youth_id, id);
CREATE INDEX outcome_checks_due ON outcome_checks (due_on, id);
