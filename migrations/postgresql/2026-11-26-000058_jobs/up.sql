-- Long work that goes on beside the requests: who asked for it, how far it has come, and which server does it until when.
-- Keep this file in step with its twin of the other database.

CREATE TABLE jobs (
  id uuid NOT NULL PRIMARY KEY,
  kind text NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  unit_id uuid REFERENCES units (id),
  requested_by uuid NOT NULL REFERENCES users (id),
  subject text NOT NULL,
  parameters jsonb NOT NULL,
  done_count bigint NOT NULL,
  total_count bigint,
  checkpoint text,
  result_id uuid,
  error_code text,
  leased_by uuid,
  leased_until timestamptz,
  fruitless_claims bigint NOT NULL,
  cancelled_by uuid REFERENCES users (id),
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  version bigint NOT NULL,
  CHECK ((finished_at IS NULL) = (status IN ('queued', 'running'))),
  CHECK ((result_id IS NOT NULL) = (status = 'done')),
  CHECK ((error_code IS NOT NULL) = (status = 'failed')),
  CHECK ((cancelled_by IS NOT NULL) = (status = 'cancelled')),
  CHECK ((leased_by IS NULL) = (leased_until IS NULL)),
  CHECK (leased_by IS NULL OR status = 'running'),
  CHECK (checkpoint IS NULL OR status IN ('queued', 'running'))
);
CREATE INDEX jobs_unit ON jobs (unit_id, id);
CREATE INDEX jobs_open ON jobs (id) WHERE status IN ('queued', 'running');
-- The same is not made twice at once.
CREATE UNIQUE INDEX jobs_one_open ON jobs (kind, subject) WHERE status IN ('queued', 'running');
