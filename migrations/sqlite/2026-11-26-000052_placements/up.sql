-- Places that hosts offer, what youths want, and who was offered which place. Whether a place is held is not stored: it follows
-- from the intervention behind the placement. Keep this file in step with its twin of the other database.

CREATE TABLE placement_offers (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB NOT NULL REFERENCES units (id),
  organisation_id BLOB NOT NULL REFERENCES organisations (id),
  title TEXT NOT NULL,
  field TEXT NOT NULL,
  kind TEXT NOT NULL,
  places INTEGER NOT NULL CHECK (places >= 1),
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  supervisor_id BLOB REFERENCES contact_persons (id),
  requirements TEXT,
  least_age INTEGER,
  needs_driving_licence INTEGER NOT NULL CHECK (needs_driving_licence IN (0, 1)),
  status TEXT NOT NULL,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (starts_on <= ends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_offers_unit ON placement_offers (unit_id, starts_on, id);
CREATE INDEX placement_offers_organisation ON placement_offers (organisation_id);
CREATE TABLE placement_wishes (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB NOT NULL REFERENCES episodes (id),
  from_on TEXT NOT NULL,
  to_on TEXT,
  hours_per_week INTEGER,
  has_driving_licence INTEGER NOT NULL CHECK (has_driving_licence IN (0, 1)),
  note TEXT,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (to_on IS NULL OR from_on <= to_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_wishes_youth ON placement_wishes (youth_id, id);
CREATE INDEX placement_wishes_episode ON placement_wishes (episode_id);
CREATE TABLE placement_wish_fields (
  wish_id BLOB NOT NULL REFERENCES placement_wishes (id),
  field TEXT NOT NULL,
  PRIMARY KEY (wish_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX placement_wish_fields_field ON placement_wish_fields (field, wish_id);
CREATE TABLE placements (
  id BLOB NOT NULL PRIMARY KEY,
  offer_id BLOB NOT NULL REFERENCES placement_offers (id),
  youth_id BLOB NOT NULL REFERENCES youths (id),
  intervention_id BLOB NOT NULL UNIQUE REFERENCES interventions (id),
  created_by BLOB,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX placements_offer ON placements (offer_id, id);
CREATE INDEX placements_youth ON placements (youth_id, id);
-- Whether an intervention is followed up where the youth is, at the host.
ALTER TABLE intervention_follow_ups ADD COLUMN is_at_host INTEGER NOT NULL DEFAULT 0 CHECK (is_at_host IN (0, 1));
