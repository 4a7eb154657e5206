-- That what is kept of a youth may be kept but not used (GDPR art. 18): why, since when, what opens it, and when it was
-- lifted. Keep this file in step with its twin of the other database.

CREATE TABLE processing_restrictions (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  ground text NOT NULL,
  reason text NOT NULL,
  from_on date NOT NULL,
  until_on date,
  opened_until date,
  opening_ground text,
  opening_reason text,
  informed_on date,
  lifted_on date,
  lift_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((lifted_on IS NULL) = (lift_reason IS NULL)),
  CHECK (lifted_on IS NULL OR informed_on IS NOT NULL),
  CHECK ((opened_until IS NULL) = (opening_ground IS NULL)),
  CHECK ((opened_until IS NULL) = (opening_reason IS NULL))
);
CREATE INDEX processing_restrictions_youth ON processing_restrictions (youth_id, id);
