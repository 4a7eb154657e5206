-- Occupations as they were ascertained, and what each youth does now, kept beside them for lists.
CREATE TABLE occupations (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  contact_id BLOB UNIQUE REFERENCES contacts (id),
  kind TEXT NOT NULL,
  starts_on TEXT,
  as_of_on TEXT NOT NULL,
  source TEXT NOT NULL,
  expected_end_on TEXT,
  valid_until TEXT,
  place TEXT,
  is_void INTEGER NOT NULL CHECK (is_void IN (0, 1)),
  void_reason TEXT,
  recorded_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (starts_on IS NULL OR starts_on <= as_of_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX occupations_youth ON occupations (youth_id, as_of_on, id);
CREATE TABLE current_occupations (
  youth_id BLOB NOT NULL PRIMARY KEY REFERENCES youths (id),
  kind TEXT NOT NULL,
  since_on TEXT NOT NULL,
  as_of_on TEXT,
  valid_until TEXT,
  last_known TEXT,
  observation_id BLOB REFERENCES occupations (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX current_occupations_lapsing ON current_occupations (valid_until, youth_id) WHERE valid_until IS NOT NULL;
-- What was unknown is now told apart: not known, not reached, declined to say.
UPDATE contacts SET occupation = 'not_known' WHERE occupation = 'unknown';
