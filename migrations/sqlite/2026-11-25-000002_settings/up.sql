-- What the administrator has configured: one row, whose document holds only what differs from the defaults in the code.
CREATE TABLE settings (
  id BLOB NOT NULL PRIMARY KEY,
  document TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO settings (id, document, updated_at, version)
VALUES (zeroblob(16), '{}', '2026-11-25T00:00:00.000000Z', 1);
