-- That what is kept of a youth may be kept but not used (GDPR art. 18): why, since when, what opens it, and when it was
-- lifted. Keep this file in step with its twin of the other database.

CREATE TABLE processing_restrictions (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  ground TEXT NOT NULL,
  reason TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT,
  opened_until TEXT,
  opening_ground TEXT,
  opening_reason TEXT,
  informed_on TEXT,
  lifted_on TEXT,
  lift_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((lifted_on IS NULL) = (lift_reason IS NULL)),
  CHECK (lifted_on IS NULL OR informed_on IS NOT NULL),
  CHECK ((opened_until IS NULL) = (opening_ground IS NULL)),
  CHECK ((opened_until IS NULL) = (opening_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX processing_restrictions_youth ON processing_restrictions (youth_id, id);
