-- The foundation: organisation, register, protected compartment, access, imports, audit.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

-- The organisation and its people -----------------------------------------------------------
CREATE TABLE units (
  id uuid NOT NULL PRIMARY KEY,
  name text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE TABLE users (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid REFERENCES units (id),
  username text NOT NULL UNIQUE,
  display_name text NOT NULL,
  role text NOT NULL,
  password_hash text NOT NULL,
  is_active boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX users_unit ON users (unit_id, id);
CREATE TABLE sessions (
  id uuid NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  refresh_hash text NOT NULL UNIQUE,
  previous_refresh_hash text,
  created_at timestamptz NOT NULL,
  refreshed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_previous ON sessions (previous_refresh_hash);
CREATE TABLE sign_in_delays (
  throttle_key text NOT NULL PRIMARY KEY,
  failures integer NOT NULL,
  blocked_until timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- The register -------------------------------------------------------------------------------
CREATE TABLE youths (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  given_name text NOT NULL,
  family_name text NOT NULL,
  birth_date date NOT NULL,
  legal_sex text NOT NULL,
  area text,
  addresses jsonb NOT NULL,
  phones jsonb NOT NULL,
  email text,
  social_media text,
  language text,
  needs_interpreter boolean NOT NULL,
  guardians jsonb NOT NULL,
  school_status text,
  protection_level text NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  last_reached_on date,
  last_attempt_on date,
  contact_sort_on date NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX youths_by_name ON youths (unit_id, sort_name, id);
CREATE INDEX youths_by_contact ON youths (unit_id, contact_sort_on, id);
CREATE TABLE youth_identifiers (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  kind text NOT NULL,
  value text NOT NULL,
  is_current boolean NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  UNIQUE (kind, value)
);
CREATE INDEX youth_identifiers_youth ON youth_identifiers (youth_id);
CREATE UNIQUE INDEX youth_identifiers_one_current ON youth_identifiers (youth_id) WHERE is_current = true;
CREATE TABLE youth_names (
  token text COLLATE "C" NOT NULL,
  youth_id uuid NOT NULL REFERENCES youths (id),
  PRIMARY KEY (token, youth_id)
);
CREATE INDEX youth_names_youth ON youth_names (youth_id, token);
CREATE TABLE record_versions (
  resource text NOT NULL,
  record_id uuid NOT NULL,
  version bigint NOT NULL,
  operation text NOT NULL,
  changed_by uuid,
  changed_at timestamptz NOT NULL,
  document jsonb NOT NULL,
  PRIMARY KEY (resource, record_id, version)
);
CREATE TABLE episodes (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  track text NOT NULL,
  reason text NOT NULL,
  entered_on date NOT NULL,
  exited_on date,
  deregistration_reason text,
  destination text,
  destination_elsewhere boolean,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (exited_on IS NULL OR exited_on >= entered_on)
);
CREATE INDEX episodes_youth ON episodes (youth_id, id);
CREATE INDEX episodes_unit ON episodes (unit_id, entered_on);
CREATE UNIQUE INDEX episodes_one_open ON episodes (youth_id, track) WHERE exited_on IS NULL;
CREATE TABLE assignments (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  user_id uuid NOT NULL REFERENCES users (id),
  kind text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  assigned_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (ends_at IS NULL OR ends_at >= starts_at)
);
CREATE INDEX assignments_youth ON assignments (youth_id, user_id, starts_at, ends_at);
CREATE INDEX assignments_user ON assignments (user_id, youth_id, starts_at, ends_at);
CREATE TABLE contacts (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  author_id uuid NOT NULL REFERENCES users (id),
  occurred_at timestamptz NOT NULL,
  channel text NOT NULL,
  direction text NOT NULL,
  met_who text NOT NULL,
  place text,
  area text,
  result text NOT NULL,
  minutes integer,
  occupation text,
  note text,
  next_contact_on date,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX contacts_youth ON contacts (youth_id, occurred_at, id);
CREATE INDEX contacts_author ON contacts (author_id, occurred_at, id);
CREATE INDEX contacts_time ON contacts (occurred_at, id);
CREATE INDEX contacts_next ON contacts (author_id, next_contact_on) WHERE next_contact_on IS NOT NULL;
CREATE TABLE contact_addenda (
  id uuid NOT NULL PRIMARY KEY,
  contact_id uuid NOT NULL REFERENCES contacts (id),
  author_id uuid NOT NULL REFERENCES users (id),
  text text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX contact_addenda_contact ON contact_addenda (contact_id, id);
CREATE TABLE interventions (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  kind text NOT NULL,
  answer text NOT NULL,
  offered_on date NOT NULL,
  answered_on date,
  started_on date,
  ended_on date,
  end_reason text,
  provider text,
  responsible_party text NOT NULL,
  goal text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (ended_on IS NULL OR ended_on >= started_on)
);
CREATE INDEX interventions_youth ON interventions (youth_id, offered_on, id);
CREATE INDEX interventions_episode ON interventions (episode_id);
CREATE INDEX interventions_time ON interventions (offered_on, id);
CREATE TABLE intervention_follow_ups (
  id uuid NOT NULL PRIMARY KEY,
  intervention_id uuid NOT NULL REFERENCES interventions (id),
  due_on date NOT NULL,
  done_on date,
  UNIQUE (intervention_id, due_on)
);
CREATE TABLE referrals (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  target text NOT NULL,
  status text NOT NULL,
  recipient text,
  note text,
  offered_on date NOT NULL,
  declined_on date,
  consented_on date,
  consent_form text,
  sent_on date,
  received_on date,
  closed_on date,
  answer_due_on date,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (sent_on IS NULL OR consented_on IS NOT NULL)
);
CREATE INDEX referrals_youth ON referrals (youth_id, id);
CREATE INDEX referrals_due ON referrals (created_by, answer_due_on) WHERE answer_due_on IS NOT NULL;
CREATE TABLE measure_gates (
  youth_id uuid NOT NULL PRIMARY KEY REFERENCES youths (id),
  may_start boolean NOT NULL,
  since_on date NOT NULL
);

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_referrals (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  target text NOT NULL,
  status text NOT NULL,
  recipient text,
  note text,
  offered_on date NOT NULL,
  declined_on date,
  consented_on date,
  consent_form text,
  sent_on date,
  received_on date,
  closed_on date,
  answer_due_on date,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (sent_on IS NULL OR consented_on IS NOT NULL)
);
CREATE INDEX protected_referrals_youth ON protected_referrals (youth_id, id);
CREATE TABLE protected_statuses (
  youth_id uuid NOT NULL PRIMARY KEY REFERENCES youths (id),
  basis text NOT NULL,
  substance_status text,
  may_start boolean NOT NULL,
  note text,
  set_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE TABLE protected_versions (
  resource text NOT NULL,
  record_id uuid NOT NULL,
  version bigint NOT NULL,
  operation text NOT NULL,
  changed_by uuid,
  changed_at timestamptz NOT NULL,
  document jsonb NOT NULL,
  PRIMARY KEY (resource, record_id, version)
);
CREATE TABLE protected_answers (
  user_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
);

-- Access and traffic --------------------------------------------------------------------------
CREATE TABLE access_grants (
  id uuid NOT NULL PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  youth_id uuid NOT NULL REFERENCES youths (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  purpose text NOT NULL,
  reason text NOT NULL,
  granted_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX access_grants_lookup ON access_grants (user_id, youth_id, expires_at);
CREATE INDEX access_grants_unit ON access_grants (unit_id, granted_at, id);
CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  operation text NOT NULL,
  fingerprint text NOT NULL,
  youth_id uuid,
  status integer NOT NULL,
  body jsonb,
  etag text,
  location text,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- Files from other systems ----------------------------------------------------------------------
CREATE TABLE imports (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  file_name text,
  file_sha256 text NOT NULL,
  as_of date NOT NULL,
  is_applied boolean NOT NULL,
  counts jsonb NOT NULL,
  warnings jsonb NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX imports_unit ON imports (unit_id, id);
CREATE TABLE import_rows (
  import_id uuid NOT NULL REFERENCES imports (id),
  line bigint NOT NULL,
  outcome text NOT NULL,
  outward_outcome text NOT NULL,
  problems jsonb NOT NULL,
  youth_id uuid,
  PRIMARY KEY (import_id, line)
);
CREATE TABLE import_refusals (
  import_id uuid NOT NULL PRIMARY KEY REFERENCES imports (id),
  content text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE TABLE import_decisions (
  id uuid NOT NULL PRIMARY KEY,
  import_id uuid NOT NULL REFERENCES imports (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  identifier_kind text NOT NULL,
  identifier_value text NOT NULL,
  document jsonb NOT NULL,
  protection_level text NOT NULL,
  cause text NOT NULL,
  status text NOT NULL,
  reason text,
  episode_reason text,
  youth_id uuid,
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  UNIQUE (unit_id, identifier_kind, identifier_value)
);
CREATE INDEX import_decisions_unit ON import_decisions (unit_id, status, id);
CREATE INDEX import_refusals_expiry ON import_refusals (expires_at);

-- The audit ---------------------------------------------------------------------------------------
CREATE TABLE audit_events (
  lane integer NOT NULL,
  position bigint NOT NULL,
  id uuid NOT NULL UNIQUE,
  at timestamptz NOT NULL,
  actor_id uuid,
  actor_kind text NOT NULL,
  role text,
  unit_id uuid,
  session_id uuid,
  operation text NOT NULL,
  outcome text NOT NULL,
  error_code text,
  request_id text NOT NULL,
  is_break_glass boolean NOT NULL,
  reason text,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (lane, position)
);
CREATE INDEX audit_events_time ON audit_events (at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, at, id);
CREATE INDEX audit_events_unit ON audit_events (unit_id, at, id);
CREATE TABLE audit_subjects (
  event_id uuid NOT NULL REFERENCES audit_events (id),
  ordinal integer NOT NULL,
  youth_id uuid,
  resource text NOT NULL,
  record_id uuid,
  fields text NOT NULL,
  PRIMARY KEY (event_id, ordinal)
);
CREATE INDEX audit_subjects_youth ON audit_subjects (youth_id, event_id);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_subjects_append_only BEFORE UPDATE OR DELETE ON audit_subjects FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_subjects_no_truncate BEFORE TRUNCATE ON audit_subjects FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
