-- A one-time link for whoever has lost their password: one at a time, known only by its hash, gone when it is used.
CREATE TABLE password_resets (
  user_id uuid NOT NULL PRIMARY KEY REFERENCES users (id),
  token_hash text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
