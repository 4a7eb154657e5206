-- What is done for a goal, and how it was found to stand each tertial. A follow-up is never changed: a later one of the same
-- part of the year is a new revision. Keep this file in step with its twin of the other database.

CREATE TABLE goal_activities (
  id uuid NOT NULL PRIMARY KEY,
  goal_id uuid NOT NULL REFERENCES goals (id),
  title text NOT NULL,
  responsible_unit text NOT NULL,
  starts_on date,
  ends_on date,
  is_active boolean NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX goal_activities_goal ON goal_activities (goal_id, id);
CREATE TABLE goal_follow_ups (
  id uuid NOT NULL PRIMARY KEY,
  activity_id uuid NOT NULL REFERENCES goal_activities (id),
  year integer NOT NULL,
  period text NOT NULL,
  revision integer NOT NULL,
  status text NOT NULL,
  forecast text,
  remedy text,
  followed_up_on date NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX goal_follow_ups_activity ON goal_follow_ups (activity_id, year, period, revision);
