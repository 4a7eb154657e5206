-- Tasks: one open row for every duty, settled in the transaction of whatever changes the facts behind it.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

CREATE TABLE tasks (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  youth_id BLOB REFERENCES youths (id),
  unit_id BLOB NOT NULL REFERENCES units (id),
  episode_id BLOB,
  cause_id BLOB NOT NULL,
  record_id BLOB NOT NULL,
  due_on TEXT NOT NULL,
  opens_on TEXT NOT NULL,
  ends_on TEXT,
  responsible_id BLOB,
  reassigned_to BLOB,
  deferred_until TEXT,
  deferral_reason TEXT,
  answered_on TEXT,
  answer_reference TEXT,
  closed_at TEXT,
  closed_because TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((closed_at IS NULL) = (closed_because IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tasks_one_open ON tasks (kind, cause_id) WHERE closed_at IS NULL;
CREATE INDEX tasks_cause ON tasks (cause_id);
CREATE INDEX tasks_youth ON tasks (youth_id, closed_at);
CREATE INDEX tasks_unit ON tasks (unit_id, closed_at);

-- The protected compartment: no column of the register points here.
CREATE TABLE protected_tasks (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  youth_id BLOB REFERENCES youths (id),
  unit_id BLOB NOT NULL REFERENCES units (id),
  episode_id BLOB,
  cause_id BLOB NOT NULL,
  record_id BLOB NOT NULL,
  due_on TEXT NOT NULL,
  opens_on TEXT NOT NULL,
  ends_on TEXT,
  responsible_id BLOB,
  reassigned_to BLOB,
  deferred_until TEXT,
  deferral_reason TEXT,
  answered_on TEXT,
  answer_reference TEXT,
  closed_at TEXT,
  closed_because TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((closed_at IS NULL) = (closed_because IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX protected_tasks_one_open ON protected_tasks (kind, cause_id) WHERE closed_at IS NULL;
CREATE INDEX protected_tasks_cause ON protected_tasks (cause_id);
CREATE INDEX protected_tasks_youth ON protected_tasks (youth_id, closed_at);
CREATE INDEX protected_tasks_unit ON protected_tasks (unit_id, closed_at);

-- What had to be worked out once from data of an earlier version, and when it was done.
CREATE TABLE backfills (
  name TEXT NOT NULL PRIMARY KEY,
  done_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A pause has a day on which it is looked at again; a spell of active use is one from its beginning to its end.
ALTER TABLE protected_statuses ADD COLUMN paused_until TEXT;
ALTER TABLE protected_statuses ADD COLUMN active_use_id BLOB;
ALTER TABLE protected_statuses ADD COLUMN active_use_since TEXT;
UPDATE protected_statuses SET active_use_id = youth_id, active_use_since = updated_at WHERE substance_status = 'active_use';

-- What a planned contact is waiting for, without walking through all contacts of the youth.
CREATE INDEX contacts_planned ON contacts (youth_id, next_contact_on) WHERE next_contact_on IS NOT NULL;
CREATE INDEX contacts_planner ON contacts (youth_id, author_id, occurred_at);
