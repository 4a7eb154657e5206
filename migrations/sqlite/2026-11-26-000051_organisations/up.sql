-- Whom the team works with: hosts of placements, authorities, clinics, schools, associations, and whom one talks to there.
-- Nothing here is about a youth. Keep this file in step with its twin of the other database.

CREATE TABLE organisations (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT,
  phone TEXT,
  email TEXT,
  website TEXT,
  note TEXT,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  sort_name TEXT NOT NULL,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX organisations_unit ON organisations (unit_id, sort_name, id);
CREATE TABLE contact_persons (
  id BLOB NOT NULL PRIMARY KEY,
  organisation_id BLOB NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  title TEXT,
  phone TEXT,
  email TEXT,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_persons_organisation ON contact_persons (organisation_id, id);
