-- What is done for a goal, and how it was found to stand each tertial. A follow-up is never changed: a later one of the same
-- part of the year is a new revision. Keep this file in step with its twin of the other database.

CREATE TABLE goal_activities (
  id BLOB NOT NULL PRIMARY KEY,
  goal_id BLOB NOT NULL REFERENCES goals (id),
  title TEXT NOT NULL,
  responsible_unit TEXT NOT NULL,
  starts_on TEXT,
  ends_on TEXT,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_activities_goal ON goal_activities (goal_id, id);
CREATE TABLE goal_follow_ups (
  id BLOB NOT NULL PRIMARY KEY,
  activity_id BLOB NOT NULL REFERENCES goal_activities (id),
  year INTEGER NOT NULL,
  period TEXT NOT NULL,
  revision INTEGER NOT NULL,
  status TEXT NOT NULL,
  forecast TEXT,
  remedy TEXT,
  followed_up_on TEXT NOT NULL,
  created_by BLOB,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX goal_follow_ups_activity ON goal_follow_ups (activity_id, year, period, revision);
