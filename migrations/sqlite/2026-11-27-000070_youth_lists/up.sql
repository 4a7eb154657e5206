-- What lists of youths are narrowed by stands on the youths themselves, kept by the database as episodes and interventions
-- change, so that a list walks its own order and meets only those it shows, however many have left.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

ALTER TABLE youths ADD COLUMN is_in_kaa INTEGER NOT NULL DEFAULT 0 CHECK (is_in_kaa IN (0, 1));
ALTER TABLE youths ADD COLUMN is_in_outreach INTEGER NOT NULL DEFAULT 0 CHECK (is_in_outreach IN (0, 1));
ALTER TABLE youths ADD COLUMN is_open INTEGER NOT NULL DEFAULT 0 CHECK (is_open IN (0, 1));
ALTER TABLE youths ADD COLUMN is_offered INTEGER NOT NULL DEFAULT 0 CHECK (is_offered IN (0, 1));

CREATE VIEW youth_standings AS
SELECT y.id AS youth_id,
  EXISTS (SELECT 1 FROM episodes e WHERE e.youth_id = y.id AND e.exited_on IS NULL AND e.track = 'kaa') AS is_in_kaa,
  EXISTS (SELECT 1 FROM episodes e WHERE e.youth_id = y.id AND e.exited_on IS NULL AND e.track <> 'kaa') AS is_in_outreach,
  EXISTS (SELECT 1 FROM episodes e WHERE e.youth_id = y.id AND e.exited_on IS NULL) AS is_open,
  EXISTS (SELECT 1 FROM interventions i JOIN episodes e ON e.id = i.episode_id WHERE i.youth_id = y.id AND e.exited_on IS NULL) AS is_offered
FROM youths y;

CREATE TRIGGER episodes_stand_insert AFTER INSERT ON episodes WHEN NEW.exited_on IS NULL
BEGIN
  UPDATE youths SET (is_in_kaa, is_in_outreach, is_open, is_offered) =
    (SELECT is_in_kaa, is_in_outreach, is_open, is_offered FROM youth_standings WHERE youth_id = youths.id)
  WHERE id = NEW.youth_id;
END;
CREATE TRIGGER episodes_stand_update AFTER UPDATE OF youth_id, track, exited_on ON episodes
BEGIN
  UPDATE youths SET (is_in_kaa, is_in_outreach, is_open, is_offered) =
    (SELECT is_in_kaa, is_in_outreach, is_open, is_offered FROM youth_standings WHERE youth_id = youths.id)
  WHERE id IN (OLD.youth_id, NEW.youth_id);
END;
CREATE TRIGGER episodes_stand_delete AFTER DELETE ON episodes WHEN OLD.exited_on IS NULL
BEGIN
  UPDATE youths SET (is_in_kaa, is_in_outreach, is_open, is_offered) =
    (SELECT is_in_kaa, is_in_outreach, is_open, is_offered FROM youth_standings WHERE youth_id = youths.id)
  WHERE id = OLD.youth_id;
END;
CREATE TRIGGER interventions_stand_insert AFTER INSERT ON interventions
BEGIN
  UPDATE youths SET is_offered = (SELECT is_offered FROM youth_standings WHERE youth_id = youths.id)
  WHERE id = NEW.youth_id;
END;
CREATE TRIGGER interventions_stand_update AFTER UPDATE OF youth_id, episode_id ON interventions
BEGIN
  UPDATE youths SET is_offered = (SELECT is_offered FROM youth_standings WHERE youth_id = youths.id)
  WHERE id IN (OLD.youth_id, NEW.youth_id);
END;
CREATE TRIGGER interventions_stand_delete AFTER DELETE ON interventions
BEGIN
  UPDATE youths SET is_offered = (SELECT is_offered FROM youth_standings WHERE youth_id = youths.id)
  WHERE id = OLD.youth_id;
END;

UPDATE youths SET (is_in_kaa, is_in_outreach, is_open, is_offered) =
  (SELECT is_in_kaa, is_in_outreach, is_open, is_offered FROM youth_standings WHERE youth_id = youths.id);

DROP INDEX youths_by_name;
DROP INDEX youths_by_contact;
CREATE INDEX youths_by_name ON youths (unit_id, sort_name, id, is_open, protection_level, area, birth_date, is_in_kaa, is_in_outreach, is_offered);
CREATE INDEX youths_by_area ON youths (unit_id, area, sort_name, id, is_open, protection_level, birth_date, is_in_kaa, is_in_outreach, is_offered);
CREATE INDEX youths_by_contact ON youths (unit_id, contact_sort_on, id, is_open, protection_level, area, birth_date);
CREATE INDEX youths_open_by_contact ON youths (unit_id, is_open, contact_sort_on, id, protection_level, is_offered, area, birth_date, is_in_kaa, is_in_outreach, last_reached_on);
CREATE INDEX youths_protected ON youths (unit_id, contact_sort_on, id) WHERE protection_level <> 'none';

-- The same for work lists: from each person to their tasks in the order of the days due.
DROP INDEX tasks_made;
DROP INDEX tasks_given;
CREATE INDEX tasks_made ON tasks (responsible_id, due_on, id) WHERE closed_at IS NULL;
CREATE INDEX tasks_given ON tasks (reassigned_to, due_on, id) WHERE closed_at IS NULL;
CREATE INDEX tasks_of_kind ON tasks (kind, due_on, id) WHERE closed_at IS NULL;
