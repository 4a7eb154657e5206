-- Handing a youth over to another unit or municipality, and on what the notes of the duty follow into outreach.
-- Keep this file in step with its twin of the other database.

CREATE TABLE transfers (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  from_unit_id uuid NOT NULL REFERENCES units (id),
  to_unit_id uuid REFERENCES units (id),
  to_municipality_code text,
  to_municipality_name text,
  reason text NOT NULL,
  status text NOT NULL,
  basis text,
  consent_id uuid REFERENCES consents (id),
  basis_reason text,
  decided_on date,
  decided_by uuid,
  decision_reason text,
  reference text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((to_unit_id IS NULL) = (to_municipality_code IS NOT NULL)),
  CHECK ((status = 'pending') = (decided_on IS NULL))
);
CREATE INDEX transfers_youth ON transfers (youth_id, id);
CREATE INDEX transfers_from ON transfers (from_unit_id, id);
CREATE INDEX transfers_to ON transfers (to_unit_id, id) WHERE to_unit_id IS NOT NULL;
CREATE UNIQUE INDEX transfers_one_pending ON transfers (youth_id) WHERE status = 'pending';
CREATE TABLE carried_notes (
  episode_id uuid NOT NULL PRIMARY KEY REFERENCES episodes (id),
  basis text NOT NULL,
  consent_id uuid REFERENCES consents (id),
  form text,
  given_on date NOT NULL,
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  CHECK ((basis = 'consent') = (consent_id IS NOT NULL))
);
