-- A one-time link for whoever has lost their password: one at a time, known only by its hash, gone when it is used.
CREATE TABLE password_resets (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
  token_hash TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
