-- Long work that goes on beside the requests: who asked for it, how far it has come, and which server does it until when.
-- Keep this file in step with its twin of the other database.

CREATE TABLE jobs (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  unit_id BLOB REFERENCES units (id),
  requested_by BLOB NOT NULL REFERENCES users (id),
  subject TEXT NOT NULL,
  parameters TEXT NOT NULL,
  done_count INTEGER NOT NULL,
  total_count INTEGER,
  checkpoint TEXT,
  result_id BLOB,
  error_code TEXT,
  leased_by BLOB,
  leased_until TEXT,
  fruitless_claims INTEGER NOT NULL,
  cancelled_by BLOB REFERENCES users (id),
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  version INTEGER NOT NULL,
  CHECK ((finished_at IS NULL) = (status IN ('queued', 'running'))),
  CHECK ((result_id IS NOT NULL) = (status = 'done')),
  CHECK ((error_code IS NOT NULL) = (status = 'failed')),
  CHECK ((cancelled_by IS NOT NULL) = (status = 'cancelled')),
  CHECK ((leased_by IS NULL) = (leased_until IS NULL)),
  CHECK (leased_by IS NULL OR status = 'running'),
  CHECK (checkpoint IS NULL OR status IN ('queued', 'running'))
) STRICT, WITHOUT ROWID;
CREATE INDEX jobs_unit ON jobs (unit_id, id);
CREATE INDEX jobs_open ON jobs (id) WHERE status IN ('queued', 'running');
-- The same is not made twice at once.
CREATE UNIQUE INDEX jobs_one_open ON jobs (kind, subject) WHERE status IN ('queued', 'running');
