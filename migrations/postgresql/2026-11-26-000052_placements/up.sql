-- Places that hosts offer, what youths want, and who was offered which place. Whether a place is held is not stored: it follows
-- from the intervention behind the placement. Keep this file in step with its twin of the other database.

CREATE TABLE placement_offers (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  title text NOT NULL,
  field text NOT NULL,
  kind text NOT NULL,
  places bigint NOT NULL CHECK (places >= 1),
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  supervisor_id uuid REFERENCES contact_persons (id),
  requirements text,
  least_age bigint,
  needs_driving_licence boolean NOT NULL,
  status text NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (starts_on <= ends_on)
);
CREATE INDEX placement_offers_unit ON placement_offers (unit_id, starts_on, id);
CREATE INDEX placement_offers_organisation ON placement_offers (organisation_id);
CREATE TABLE placement_wishes (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  from_on date NOT NULL,
  to_on date,
  hours_per_week bigint,
  has_driving_licence boolean NOT NULL,
  note text,
  is_active boolean NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (to_on IS NULL OR from_on <= to_on)
);
CREATE INDEX placement_wishes_youth ON placement_wishes (youth_id, id);
CREATE INDEX placement_wishes_episode ON placement_wishes (episode_id);
CREATE TABLE placement_wish_fields (
  wish_id uuid NOT NULL REFERENCES placement_wishes (id),
  field text NOT NULL,
  PRIMARY KEY (wish_id, field)
);
CREATE INDEX placement_wish_fields_field ON placement_wish_fields (field, wish_id);
CREATE TABLE placements (
  id uuid NOT NULL PRIMARY KEY,
  offer_id uuid NOT NULL REFERENCES placement_offers (id),
  youth_id uuid NOT NULL REFERENCES youths (id),
  intervention_id uuid NOT NULL UNIQUE REFERENCES interventions (id),
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE INDEX placements_offer ON placements (offer_id, id);
CREATE INDEX placements_youth ON placements (youth_id, id);
-- Whether an intervention is followed up where the youth is, at the host.
ALTER TABLE intervention_follow_ups ADD COLUMN is_at_host boolean NOT NULL DEFAULT false;
