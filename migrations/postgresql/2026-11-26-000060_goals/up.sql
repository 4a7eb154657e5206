-- Goals of the municipality's plans with their values. Of the whole municipality, and about nobody.
-- Values, tolerances and targets are whole numbers: times ten to the power of the goal's decimals.
-- Keep this file in step with its twin of the other database.

CREATE TABLE goals (
  id uuid NOT NULL PRIMARY KEY,
  title text NOT NULL,
  plan text,
  indicator text NOT NULL,
  source text NOT NULL,
  measure_code text,
  measured_as text,
  measure_division text,
  measure_category text,
  kolada_kpi text,
  kolada_municipality text,
  compares_with text NOT NULL,
  unit text NOT NULL,
  decimals integer NOT NULL,
  baseline_year integer,
  baseline_value bigint,
  target_year integer NOT NULL,
  target_value bigint NOT NULL,
  direction text NOT NULL,
  tolerance bigint NOT NULL,
  stale_after_years integer NOT NULL,
  owner text,
  age_bounds text,
  ended_on date,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((baseline_year IS NULL) = (baseline_value IS NULL))
);
CREATE TABLE goal_values (
  id uuid NOT NULL PRIMARY KEY,
  goal_id uuid NOT NULL REFERENCES goals (id),
  year integer NOT NULL,
  period text NOT NULL,
  value bigint NOT NULL,
  origin text NOT NULL,
  source text,
  note text,
  void_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX goal_values_goal ON goal_values (goal_id, id);
-- Of a part of a year a goal has one value that counts.
CREATE UNIQUE INDEX goal_values_one ON goal_values (goal_id, year, period) WHERE void_reason IS NULL;
