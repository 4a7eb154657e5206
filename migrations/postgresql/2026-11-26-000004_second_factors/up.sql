-- Second factors: the secret shared with an app, sealed by the application, and the codes for whoever has lost the app.
CREATE TABLE second_factors (
  user_id uuid NOT NULL PRIMARY KEY REFERENCES users (id),
  sealed_secret text NOT NULL,
  confirmed_at timestamptz,
  last_step bigint NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE recovery_codes (
  code_hash text NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES second_factors (user_id)
);
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);
