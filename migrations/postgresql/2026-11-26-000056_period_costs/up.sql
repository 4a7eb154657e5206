-- What the work of the municipality cost in a period of the follow-up, one amount for each. Nothing here is about a youth. Keep
-- this file in step with its twin of the other database.

CREATE TABLE period_costs (
  id uuid NOT NULL PRIMARY KEY,
  year bigint NOT NULL,
  period text NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  covers text NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE UNIQUE INDEX period_costs_period ON period_costs (year, period);
