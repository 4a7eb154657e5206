-- The foundation: organisation, register, protected compartment, access, imports, audit.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

-- The organisation and its people -----------------------------------------------------------
CREATE TABLE units (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE users (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB REFERENCES units (id),
  username TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX users_unit ON users (unit_id, id);
CREATE TABLE sessions (
  id BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES users (id),
  refresh_hash TEXT NOT NULL UNIQUE,
  previous_refresh_hash TEXT,
  created_at TEXT NOT NULL,
  refreshed_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  ended_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_previous ON sessions (previous_refresh_hash);
CREATE TABLE sign_in_delays (
  throttle_key TEXT NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  blocked_until TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The register -------------------------------------------------------------------------------
CREATE TABLE youths (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  legal_sex TEXT NOT NULL,
  area TEXT,
  addresses TEXT NOT NULL,
  phones TEXT NOT NULL,
  email TEXT,
  social_media TEXT,
  language TEXT,
  needs_interpreter INTEGER NOT NULL CHECK (needs_interpreter IN (0, 1)),
  guardians TEXT NOT NULL,
  school_status TEXT,
  protection_level TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  last_reached_on TEXT,
  last_attempt_on TEXT,
  contact_sort_on TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX youths_by_name ON youths (unit_id, sort_name, id);
CREATE INDEX youths_by_contact ON youths (unit_id, contact_sort_on, id);
CREATE TABLE youth_identifiers (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  valid_from TEXT NOT NULL,
  valid_to TEXT,
  UNIQUE (kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX youth_identifiers_youth ON youth_identifiers (youth_id);
CREATE UNIQUE INDEX youth_identifiers_one_current ON youth_identifiers (youth_id) WHERE is_current = 1;
CREATE TABLE youth_names (
  token TEXT NOT NULL,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  PRIMARY KEY (token, youth_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX youth_names_youth ON youth_names (youth_id, token);
CREATE TABLE record_versions (
  resource TEXT NOT NULL,
  record_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  operation TEXT NOT NULL,
  changed_by BLOB,
  changed_at TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (resource, record_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE episodes (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  unit_id BLOB NOT NULL REFERENCES units (id),
  track TEXT NOT NULL,
  reason TEXT NOT NULL,
  entered_on TEXT NOT NULL,
  exited_on TEXT,
  deregistration_reason TEXT,
  destination TEXT,
  destination_elsewhere INTEGER CHECK (destination_elsewhere IN (0, 1)),
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (exited_on IS NULL OR exited_on >= entered_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX episodes_youth ON episodes (youth_id, id);
CREATE INDEX episodes_unit ON episodes (unit_id, entered_on);
CREATE UNIQUE INDEX episodes_one_open ON episodes (youth_id, track) WHERE exited_on IS NULL;
CREATE TABLE assignments (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL,
  starts_at TEXT NOT NULL,
  ends_at TEXT,
  assigned_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (ends_at IS NULL OR ends_at >= starts_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignments_youth ON assignments (youth_id, user_id, starts_at, ends_at);
CREATE INDEX assignments_user ON assignments (user_id, youth_id, starts_at, ends_at);
CREATE TABLE contacts (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  author_id BLOB NOT NULL REFERENCES users (id),
  occurred_at TEXT NOT NULL,
  channel TEXT NOT NULL,
  direction TEXT NOT NULL,
  met_who TEXT NOT NULL,
  place TEXT,
  area TEXT,
  result TEXT NOT NULL,
  minutes INTEGER,
  occupation TEXT,
  note TEXT,
  next_contact_on TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_youth ON contacts (youth_id, occurred_at, id);
CREATE INDEX contacts_author ON contacts (author_id, occurred_at, id);
CREATE INDEX contacts_time ON contacts (occurred_at, id);
CREATE INDEX contacts_next ON contacts (author_id, next_contact_on) WHERE next_contact_on IS NOT NULL;
CREATE TABLE contact_addenda (
  id BLOB NOT NULL PRIMARY KEY,
  contact_id BLOB NOT NULL REFERENCES contacts (id),
  author_id BLOB NOT NULL REFERENCES users (id),
  text TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_addenda_contact ON contact_addenda (contact_id, id);
CREATE TABLE interventions (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  kind TEXT NOT NULL,
  answer TEXT NOT NULL,
  offered_on TEXT NOT NULL,
  answered_on TEXT,
  started_on TEXT,
  ended_on TEXT,
  end_reason TEXT,
  provider TEXT,
  responsible_party TEXT NOT NULL,
  goal TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (ended_on IS NULL OR ended_on >= started_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX interventions_youth ON interventions (youth_id, offered_on, id);
CREATE INDEX interventions_episode ON interventions (episode_id);
CREATE INDEX interventions_time ON interventions (offered_on, id);
CREATE TABLE intervention_follow_ups (
  id BLOB NOT NULL PRIMARY KEY,
  intervention_id BLOB NOT NULL REFERENCES interventions (id),
  due_on TEXT NOT NULL,
  done_on TEXT,
  UNIQUE (intervention_id, due_on)
) STRICT, WITHOUT ROWID;
CREATE TABLE referrals (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  target TEXT NOT NULL,
  status TEXT NOT NULL,
  recipient TEXT,
  note TEXT,
  offered_on TEXT NOT NULL,
  declined_on TEXT,
  consented_on TEXT,
  consent_form TEXT,
  sent_on TEXT,
  received_on TEXT,
  closed_on TEXT,
  answer_due_on TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (sent_on IS NULL OR consented_on IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX referrals_youth ON referrals (youth_id, id);
CREATE INDEX referrals_due ON referrals (created_by, answer_due_on) WHERE answer_due_on IS NOT NULL;
CREATE TABLE measure_gates (
  youth_id BLOB NOT NULL PRIMARY KEY REFERENCES youths (id),
  may_start INTEGER NOT NULL CHECK (may_start IN (0, 1)),
  since_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_referrals (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  target TEXT NOT NULL,
  status TEXT NOT NULL,
  recipient TEXT,
  note TEXT,
  offered_on TEXT NOT NULL,
  declined_on TEXT,
  consented_on TEXT,
  consent_form TEXT,
  sent_on TEXT,
  received_on TEXT,
  closed_on TEXT,
  answer_due_on TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (sent_on IS NULL OR consented_on IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX protected_referrals_youth ON protected_referrals (youth_id, id);
CREATE TABLE protected_statuses (
  youth_id BLOB NOT NULL PRIMARY KEY REFERENCES youths (id),
  basis TEXT NOT NULL,
  substance_status TEXT,
  may_start INTEGER NOT NULL CHECK (may_start IN (0, 1)),
  note TEXT,
  set_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE protected_versions (
  resource TEXT NOT NULL,
  record_id BLOB NOT NULL,
  version INTEGER NOT NULL,
  operation TEXT NOT NULL,
  changed_by BLOB,
  changed_at TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (resource, record_id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE protected_answers (
  user_id BLOB NOT NULL,
  idempotency_key TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
) STRICT, WITHOUT ROWID;

-- Access and traffic --------------------------------------------------------------------------
CREATE TABLE access_grants (
  id BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES users (id),
  youth_id BLOB NOT NULL REFERENCES youths (id),
  unit_id BLOB NOT NULL REFERENCES units (id),
  purpose TEXT NOT NULL,
  reason TEXT NOT NULL,
  granted_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_grants_lookup ON access_grants (user_id, youth_id, expires_at);
CREATE INDEX access_grants_unit ON access_grants (unit_id, granted_at, id);
CREATE TABLE idempotency_keys (
  user_id BLOB NOT NULL,
  idempotency_key TEXT NOT NULL,
  operation TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  youth_id BLOB,
  status INTEGER NOT NULL,
  body TEXT,
  etag TEXT,
  location TEXT,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (user_id, idempotency_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- Files from other systems ----------------------------------------------------------------------
CREATE TABLE imports (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  file_name TEXT,
  file_sha256 TEXT NOT NULL,
  as_of TEXT NOT NULL,
  is_applied INTEGER NOT NULL CHECK (is_applied IN (0, 1)),
  counts TEXT NOT NULL,
  warnings TEXT NOT NULL,
  created_by BLOB,
  created_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX imports_unit ON imports (unit_id, id);
CREATE TABLE import_rows (
  import_id BLOB NOT NULL REFERENCES imports (id),
  line INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  outward_outcome TEXT NOT NULL,
  problems TEXT NOT NULL,
  youth_id BLOB,
  PRIMARY KEY (import_id, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE import_refusals (
  import_id BLOB NOT NULL PRIMARY KEY REFERENCES imports (id),
  content TEXT NOT NULL,
  expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE import_decisions (
  id BLOB NOT NULL PRIMARY KEY,
  import_id BLOB NOT NULL REFERENCES imports (id),
  unit_id BLOB NOT NULL REFERENCES units (id),
  identifier_kind TEXT NOT NULL,
  identifier_value TEXT NOT NULL,
  document TEXT NOT NULL,
  protection_level TEXT NOT NULL,
  cause TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  episode_reason TEXT,
  youth_id BLOB,
  decided_by BLOB,
  decided_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (unit_id, identifier_kind, identifier_value)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_decisions_unit ON import_decisions (unit_id, status, id);
CREATE INDEX import_refusals_expiry ON import_refusals (expires_at);

-- The audit ---------------------------------------------------------------------------------------
CREATE TABLE audit_events (
  lane INTEGER NOT NULL,
  position INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE,
  at TEXT NOT NULL,
  actor_id BLOB,
  actor_kind TEXT NOT NULL,
  role TEXT,
  unit_id BLOB,
  session_id BLOB,
  operation TEXT NOT NULL,
  outcome TEXT NOT NULL,
  error_code TEXT,
  request_id TEXT NOT NULL,
  is_break_glass INTEGER NOT NULL CHECK (is_break_glass IN (0, 1)),
  reason TEXT,
  previous_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (lane, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_events_time ON audit_events (at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, at, id);
CREATE INDEX audit_events_unit ON audit_events (unit_id, at, id);
CREATE TABLE audit_subjects (
  event_id BLOB NOT NULL REFERENCES audit_events (id),
  ordinal INTEGER NOT NULL,
  youth_id BLOB,
  resource TEXT NOT NULL,
  record_id BLOB,
  fields TEXT NOT NULL,
  PRIMARY KEY (event_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_subjects_youth ON audit_subjects (youth_id, event_id);
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_subjects_no_update BEFORE UPDATE ON audit_subjects BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_subjects_no_delete BEFORE DELETE ON audit_subjects BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
