-- The private calendar of a member of staff: an address with a secret in it, known here only by its hash.
-- Keep this file in step with its twin of the other database.

CREATE TABLE calendar_feeds (
  user_id uuid NOT NULL PRIMARY KEY REFERENCES users (id),
  token_hash text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
