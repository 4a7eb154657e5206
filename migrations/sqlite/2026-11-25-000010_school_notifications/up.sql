-- What schools tell the home municipality (skollagen 15:15, 18:15). Name and number are kept only until it is handled.
CREATE TABLE school_notifications (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  youth_id BLOB REFERENCES youths (id),
  kind TEXT NOT NULL,
  school TEXT NOT NULL,
  school_type TEXT NOT NULL,
  study_path TEXT,
  occurred_on TEXT NOT NULL,
  received_on TEXT NOT NULL,
  identifier_kind TEXT,
  identifier_value TEXT,
  given_name TEXT,
  family_name TEXT,
  status TEXT NOT NULL,
  outcome TEXT,
  reason TEXT,
  handled_by BLOB REFERENCES users (id),
  handled_at TEXT,
  created_by BLOB REFERENCES users (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((status = 'handled') = (outcome IS NOT NULL)),
  CHECK (status = 'pending' OR (identifier_value IS NULL AND given_name IS NULL AND family_name IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX school_notifications_unit ON school_notifications (unit_id, received_on, id);
CREATE INDEX school_notifications_youth ON school_notifications (youth_id) WHERE youth_id IS NOT NULL;
