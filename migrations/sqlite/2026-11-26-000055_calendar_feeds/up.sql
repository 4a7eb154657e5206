-- The private calendar of a member of staff: an address with a secret in it, known here only by its hash.
-- Keep this file in step with its twin of the other database.

CREATE TABLE calendar_feeds (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
  token_hash TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
