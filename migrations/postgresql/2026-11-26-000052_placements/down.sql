ALTER TABLE intervention_follow_ups DROP COLUMN is_at_host;
DROP TABLE placements;
DROP TABLE placement_wish_fields;
DROP TABLE placement_wishes;
DROP TABLE placement_offers;
