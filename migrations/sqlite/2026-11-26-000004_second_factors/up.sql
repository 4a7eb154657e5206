-- Second factors: the secret shared with an app, sealed by the application, and the codes for whoever has lost the app.
CREATE TABLE second_factors (
  user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id),
  sealed_secret TEXT NOT NULL,
  confirmed_at TEXT,
  last_step INTEGER NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE recovery_codes (
  code_hash TEXT NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES second_factors (user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);
