-- Occupations as they were ascertained, and what each youth does now, kept beside them for lists.
CREATE TABLE occupations (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  contact_id uuid UNIQUE REFERENCES contacts (id),
  kind text NOT NULL,
  starts_on date,
  as_of_on date NOT NULL,
  source text NOT NULL,
  expected_end_on date,
  valid_until date,
  place text,
  is_void boolean NOT NULL,
  void_reason text,
  recorded_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (starts_on IS NULL OR starts_on <= as_of_on)
);
CREATE INDEX occupations_youth ON occupations (youth_id, as_of_on, id);
CREATE TABLE current_occupations (
  youth_id uuid NOT NULL PRIMARY KEY REFERENCES youths (id),
  kind text NOT NULL,
  since_on date NOT NULL,
  as_of_on date,
  valid_until date,
  last_known text,
  observation_id uuid REFERENCES occupations (id)
);
CREATE INDEX current_occupations_lapsing ON current_occupations (valid_until, youth_id) WHERE valid_until IS NOT NULL;
-- What was unknown is now told apart: not known, not reached, declined to say.
UPDATE contacts SET occupation = 'not_known' WHERE occupation = 'unknown';
