-- What schools tell the home municipality (skollagen 15:15, 18:15). Name and number are kept only until it is handled.
CREATE TABLE school_notifications (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  youth_id uuid REFERENCES youths (id),
  kind text NOT NULL,
  school text NOT NULL,
  school_type text NOT NULL,
  study_path text,
  occurred_on date NOT NULL,
  received_on date NOT NULL,
  identifier_kind text,
  identifier_value text,
  given_name text,
  family_name text,
  status text NOT NULL,
  outcome text,
  reason text,
  handled_by uuid REFERENCES users (id),
  handled_at timestamptz,
  created_by uuid REFERENCES users (id),
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK ((status = 'handled') = (outcome IS NOT NULL)),
  CHECK (status = 'pending' OR (identifier_value IS NULL AND given_name IS NULL AND family_name IS NULL))
);
CREATE INDEX school_notifications_unit ON school_notifications (unit_id, received_on, id);
CREATE INDEX school_notifications_youth ON school_notifications (youth_id) WHERE youth_id IS NOT NULL;
