-- Single sign-on: who somebody is at the provider, and sign-ins that have begun there and not ended. Of a flow only a hash of
-- what its browser holds is stored.
CREATE TABLE single_sign_on_ties (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, user_id)
);
CREATE INDEX single_sign_on_ties_user ON single_sign_on_ties (user_id);
CREATE TABLE single_sign_on_flows (
  flow_hash text NOT NULL PRIMARY KEY,
  address_hash text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  claimed_at timestamptz,
  user_id uuid REFERENCES users (id),
  subject text,
  role text,
  unit_id uuid REFERENCES units (id),
  CHECK ((user_id IS NULL) = (subject IS NULL)),
  CHECK (claimed_at IS NOT NULL OR user_id IS NULL)
);
CREATE INDEX single_sign_on_flows_expiry ON single_sign_on_flows (expires_at);
CREATE INDEX single_sign_on_flows_address ON single_sign_on_flows (address_hash);
ALTER TABLE sessions ADD COLUMN has_provider_factor boolean NOT NULL DEFAULT false;
