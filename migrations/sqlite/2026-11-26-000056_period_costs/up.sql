-- What the work of the municipality cost in a period of the follow-up, one amount for each. Nothing here is about a youth. Keep
-- this file in step with its twin of the other database.

CREATE TABLE period_costs (
  id BLOB NOT NULL PRIMARY KEY,
  year INTEGER NOT NULL,
  period TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  covers TEXT NOT NULL,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX period_costs_period ON period_costs (year, period);
