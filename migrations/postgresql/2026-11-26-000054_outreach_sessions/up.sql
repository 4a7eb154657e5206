-- Outreach sessions (uppsökande pass): who went out, where and when, whom they met as counts, and what ambassadors are paid for.
-- Keep this file in step with its twin of the other database.

-- One session. Whom it met are counts by age and sex, without anybody's identity.
CREATE TABLE outreach_sessions (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  kind text NOT NULL,
  area text,
  place text,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  met jsonb NOT NULL,
  outcomes jsonb NOT NULL,
  note text,
  created_by uuid NOT NULL REFERENCES users (id),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (starts_at < ends_at)
);
CREATE INDEX outreach_sessions_unit ON outreach_sessions (unit_id, starts_at, id);

-- Who went; without minutes, for all of it.
CREATE TABLE outreach_participants (
  session_id uuid NOT NULL REFERENCES outreach_sessions (id),
  user_id uuid NOT NULL REFERENCES users (id),
  minutes integer CHECK (minutes BETWEEN 1 AND 1440),
  PRIMARY KEY (session_id, user_id)
);
CREATE INDEX outreach_participants_user ON outreach_participants (user_id, session_id);

-- Somebody met, of whom nobody knows who it is, until it turns out: then it is a contact of the youth, and the note is there.
CREATE TABLE outreach_contacts (
  id uuid NOT NULL PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES outreach_sessions (id),
  met_by uuid NOT NULL REFERENCES users (id),
  age_group text NOT NULL,
  legal_sex text NOT NULL,
  outcome text NOT NULL,
  wants_contact boolean NOT NULL,
  note text,
  youth_id uuid REFERENCES youths (id),
  contact_id uuid REFERENCES contacts (id),
  tied_by uuid REFERENCES users (id),
  tied_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((youth_id IS NULL) = (contact_id IS NULL)),
  CHECK ((youth_id IS NULL) = (tied_by IS NULL)),
  CHECK ((youth_id IS NULL) = (tied_at IS NULL)),
  CHECK (youth_id IS NULL OR note IS NULL)
);
CREATE INDEX outreach_contacts_session ON outreach_contacts (session_id, id);
CREATE INDEX outreach_contacts_youth ON outreach_contacts (youth_id);
CREATE UNIQUE INDEX outreach_contacts_contact ON outreach_contacts (contact_id);

-- What an ambassador has worked besides sessions and contacts, as they report it.
CREATE TABLE work_hours (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  user_id uuid NOT NULL REFERENCES users (id),
  worked_on date NOT NULL,
  minutes integer NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
  kind text NOT NULL,
  note text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX work_hours_user ON work_hours (user_id, worked_on, id);
CREATE INDEX work_hours_unit ON work_hours (unit_id, worked_on, id);

-- That the minutes of an ambassador's week may be paid; by somebody else than who is paid.
CREATE TABLE week_approvals (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  user_id uuid NOT NULL REFERENCES users (id),
  week_on date NOT NULL,
  counted_minutes integer NOT NULL CHECK (counted_minutes >= 0),
  approved_minutes integer NOT NULL CHECK (approved_minutes >= 0),
  reason text,
  approved_by uuid NOT NULL REFERENCES users (id),
  approved_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  UNIQUE (user_id, week_on),
  CHECK (approved_by <> user_id)
);
CREATE INDEX week_approvals_unit ON week_approvals (unit_id, week_on);
