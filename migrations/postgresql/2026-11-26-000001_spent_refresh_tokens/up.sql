-- Refresh tokens that have been used, for as long as their session could run: whichever of them comes back ends it.
CREATE TABLE spent_refresh_tokens (
  refresh_hash text NOT NULL PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions (id),
  expires_at timestamptz NOT NULL
);
CREATE INDEX spent_refresh_tokens_expiry ON spent_refresh_tokens (expires_at);
