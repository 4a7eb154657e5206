-- Releases of the statistics: what was published, as it was published, and what stands behind it. A release never changes; it can
-- be withdrawn once, and is kept then too. Keep this file in step with its twin of the other database.

CREATE TABLE statistics_releases (
  id BLOB NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  year INTEGER NOT NULL,
  period TEXT NOT NULL,
  threshold INTEGER NOT NULL,
  hidden_cells INTEGER NOT NULL,
  cells INTEGER NOT NULL,
  job_id BLOB NOT NULL REFERENCES jobs (id),
  made_by BLOB NOT NULL REFERENCES users (id),
  made_at TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  document TEXT NOT NULL,
  behind TEXT NOT NULL,
  withdrawn_at TEXT,
  withdrawn_by BLOB REFERENCES users (id),
  withdrawal_reason TEXT,
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX statistics_releases_year ON statistics_releases (year, number);

-- What was published stays as it was; what is enciphered may be enciphered anew with another key.
CREATE TRIGGER statistics_releases_no_update BEFORE UPDATE ON statistics_releases
WHEN (OLD.id, OLD.number, OLD.year, OLD.period, OLD.threshold, OLD.hidden_cells, OLD.cells, OLD.job_id, OLD.made_by, OLD.made_at,
      OLD.content_sha256, OLD.document)
  IS NOT (NEW.id, NEW.number, NEW.year, NEW.period, NEW.threshold, NEW.hidden_cells, NEW.cells, NEW.job_id, NEW.made_by, NEW.made_at,
      NEW.content_sha256, NEW.document)
  OR (OLD.behind IS NOT NEW.behind AND NEW.behind NOT LIKE 'kaa1:%')
  OR (OLD.withdrawn_at IS NOT NULL AND (OLD.withdrawn_at, OLD.withdrawn_by) IS NOT (NEW.withdrawn_at, NEW.withdrawn_by))
  OR (OLD.withdrawal_reason IS NOT NULL AND OLD.withdrawal_reason IS NOT NEW.withdrawal_reason
      AND NEW.withdrawal_reason NOT LIKE 'kaa1:%')
BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
CREATE TRIGGER statistics_releases_no_delete BEFORE DELETE ON statistics_releases BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
