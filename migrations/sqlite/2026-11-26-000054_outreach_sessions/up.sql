-- Outreach sessions (uppsökande pass): who went out, where and when, whom they met as counts, and what ambassadors are paid for.
-- Keep this file in step with its twin of the other database.

-- One session. Whom it met are counts by age and sex, without anybody's identity.
CREATE TABLE outreach_sessions (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  kind TEXT NOT NULL,
  area TEXT,
  place TEXT,
  starts_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  met TEXT NOT NULL,
  outcomes TEXT NOT NULL,
  note TEXT,
  created_by BLOB NOT NULL REFERENCES users (id),
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (starts_at < ends_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX outreach_sessions_unit ON outreach_sessions (unit_id, starts_at, id);

-- Who went; without minutes, for all of it.
CREATE TABLE outreach_participants (
  session_id BLOB NOT NULL REFERENCES outreach_sessions (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  minutes INTEGER CHECK (minutes BETWEEN 1 AND 1440),
  PRIMARY KEY (session_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outreach_participants_user ON outreach_participants (user_id, session_id);

-- Somebody met, of whom nobody knows who it is, until it turns out: then it is a contact of the youth, and the note is there.
CREATE TABLE outreach_contacts (
  id BLOB NOT NULL PRIMARY KEY,
  session_id BLOB NOT NULL REFERENCES outreach_sessions (id),
  met_by BLOB NOT NULL REFERENCES users (id),
  age_group TEXT NOT NULL,
  legal_sex TEXT NOT NULL,
  outcome TEXT NOT NULL,
  wants_contact INTEGER NOT NULL CHECK (wants_contact IN (0, 1)),
  note TEXT,
  youth_id BLOB REFERENCES youths (id),
  contact_id BLOB REFERENCES contacts (id),
  tied_by BLOB REFERENCES users (id),
  tied_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((youth_id IS NULL) = (contact_id IS NULL)),
  CHECK ((youth_id IS NULL) = (tied_by IS NULL)),
  CHECK ((youth_id IS NULL) = (tied_at IS NULL)),
  CHECK (youth_id IS NULL OR note IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX outreach_contacts_session ON outreach_contacts (session_id, id);
CREATE INDEX outreach_contacts_youth ON outreach_contacts (youth_id);
CREATE UNIQUE INDEX outreach_contacts_contact ON outreach_contacts (contact_id);

-- What an ambassador has worked besides sessions and contacts, as they report it.
CREATE TABLE work_hours (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  worked_on TEXT NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
  kind TEXT NOT NULL,
  note TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX work_hours_user ON work_hours (user_id, worked_on, id);
CREATE INDEX work_hours_unit ON work_hours (unit_id, worked_on, id);

-- That the minutes of an ambassador's week may be paid; by somebody else than who is paid.
CREATE TABLE week_approvals (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  user_id BLOB NOT NULL REFERENCES users (id),
  week_on TEXT NOT NULL,
  counted_minutes INTEGER NOT NULL CHECK (counted_minutes >= 0),
  approved_minutes INTEGER NOT NULL CHECK (approved_minutes >= 0),
  reason TEXT,
  approved_by BLOB NOT NULL REFERENCES users (id),
  approved_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (user_id, week_on),
  CHECK (approved_by <> user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX week_approvals_unit ON week_approvals (unit_id, week_on);
