-- Single sign-on: who somebody is at the provider, and sign-ins that have begun there and not ended. Of a flow only a hash of
-- what its browser holds is stored.
CREATE TABLE single_sign_on_ties (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id BLOB NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL,
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX single_sign_on_ties_user ON single_sign_on_ties (user_id);
CREATE TABLE single_sign_on_flows (
  flow_hash TEXT NOT NULL PRIMARY KEY,
  address_hash TEXT,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  claimed_at TEXT,
  user_id BLOB REFERENCES users (id),
  subject TEXT,
  role TEXT,
  unit_id BLOB REFERENCES units (id),
  CHECK ((user_id IS NULL) = (subject IS NULL)),
  CHECK (claimed_at IS NOT NULL OR user_id IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX single_sign_on_flows_expiry ON single_sign_on_flows (expires_at);
CREATE INDEX single_sign_on_flows_address ON single_sign_on_flows (address_hash);
ALTER TABLE sessions ADD COLUMN has_provider_factor INTEGER NOT NULL DEFAULT 0 CHECK (has_provider_factor IN (0, 1));
