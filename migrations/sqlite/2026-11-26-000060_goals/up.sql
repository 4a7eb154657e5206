-- Goals of the municipality's plans with their values. Of the whole municipality, and about nobody.
-- Values, tolerances and targets are whole numbers: times ten to the power of the goal's decimals.
-- Keep this file in step with its twin of the other database.

CREATE TABLE goals (
  id BLOB NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  plan TEXT,
  indicator TEXT NOT NULL,
  source TEXT NOT NULL,
  measure_code TEXT,
  measured_as TEXT,
  measure_division TEXT,
  measure_category TEXT,
  kolada_kpi TEXT,
  kolada_municipality TEXT,
  compares_with TEXT NOT NULL,
  unit TEXT NOT NULL,
  decimals INTEGER NOT NULL,
  baseline_year INTEGER,
  baseline_value INTEGER,
  target_year INTEGER NOT NULL,
  target_value INTEGER NOT NULL,
  direction TEXT NOT NULL,
  tolerance INTEGER NOT NULL,
  stale_after_years INTEGER NOT NULL,
  owner TEXT,
  age_bounds TEXT,
  ended_on TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK ((baseline_year IS NULL) = (baseline_value IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE goal_values (
  id BLOB NOT NULL PRIMARY KEY,
  goal_id BLOB NOT NULL REFERENCES goals (id),
  year INTEGER NOT NULL,
  period TEXT NOT NULL,
  value INTEGER NOT NULL,
  origin TEXT NOT NULL,
  source TEXT,
  note TEXT,
  void_reason TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_values_goal ON goal_values (goal_id, id);
-- Of a part of a year a goal has one value that counts.
CREATE UNIQUE INDEX goal_values_one ON goal_values (goal_id, year, period) WHERE void_reason IS NULL;
