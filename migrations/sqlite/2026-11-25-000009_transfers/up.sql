-- Handing a youth over to another unit or municipality, and on what the notes of the duty follow into outreach.
-- Keep this file in step with its twin of the other database.

CREATE TABLE transfers (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  from_unit_id BLOB NOT NULL REFERENCES units (id),
  to_unit_id BLOB REFERENCES units (id),
  to_municipality_code TEXT,
  to_municipality_name TEXT,
  reason TEXT NOT NULL,
  status TEXT NOT NULL,
  basis TEXT,
  consent_id BLOB REFERENCES consents (id),
  basis_reason TEXT,
  decided_on TEXT,
  decided_by BLOB,
  decision_reason TEXT,
  reference TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((to_unit_id IS NULL) = (to_municipality_code IS NOT NULL)),
  CHECK ((status = 'pending') = (decided_on IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX transfers_youth ON transfers (youth_id, id);
CREATE INDEX transfers_from ON transfers (from_unit_id, id);
CREATE INDEX transfers_to ON transfers (to_unit_id, id) WHERE to_unit_id IS NOT NULL;
CREATE UNIQUE INDEX transfers_one_pending ON transfers (youth_id) WHERE status = 'pending';
CREATE TABLE carried_notes (
  episode_id BLOB NOT NULL PRIMARY KEY REFERENCES episodes (id),
  basis TEXT NOT NULL,
  consent_id BLOB REFERENCES consents (id),
  form TEXT,
  given_on TEXT NOT NULL,
  recorded_by BLOB,
  recorded_at TEXT NOT NULL,
  CHECK ((basis = 'consent') = (consent_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
