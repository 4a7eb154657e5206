-- What lists of youths are narrowed by stands on the youths themselves, kept by the database as episodes and interventions
-- change, so that a list walks its own order and meets only those it shows, however many have left.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

ALTER TABLE youths ADD COLUMN is_in_kaa boolean NOT NULL DEFAULT false;
ALTER TABLE youths ADD COLUMN is_in_outreach boolean NOT NULL DEFAULT false;
ALTER TABLE youths ADD COLUMN is_open boolean NOT NULL DEFAULT false;
ALTER TABLE youths ADD COLUMN is_offered boolean NOT NULL DEFAULT false;

CREATE VIEW youth_standings AS
SELECT y.id AS youth_id,
  EXISTS (SELECT 1 FROM episodes e WHERE e.youth_id = y.id AND e.exited_on IS NULL AND e.track = 'kaa') AS is_in_kaa,
  EXISTS (SELECT 1 FROM episodes e WHERE e.youth_id = y.id AND e.exited_on IS NULL AND e.track <> 'kaa') AS is_in_outreach,
  EXISTS (SELECT 1 FROM episodes e WHERE e.youth_id = y.id AND e.exited_on IS NULL) AS is_open,
  EXISTS (SELECT 1 FROM interventions i JOIN episodes e ON e.id = i.episode_id WHERE i.youth_id = y.id AND e.exited_on IS NULL) AS is_offered
FROM youths y;

-- One statement for all rows of a statement, so that an import pays once.
CREATE FUNCTION tell_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT youth_id) INTO touched FROM after_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT youth_id) INTO touched FROM before_rows;
  ELSE
    SELECT array_agg(DISTINCT youth_id) INTO touched FROM (SELECT youth_id FROM before_rows UNION SELECT youth_id FROM after_rows) AS both_rows;
  END IF;
  IF touched IS NOT NULL THEN
    UPDATE youths SET is_in_kaa = s.is_in_kaa, is_in_outreach = s.is_in_outreach, is_open = s.is_open, is_offered = s.is_offered
    FROM youth_standings s
    WHERE youths.id = ANY (touched) AND s.youth_id = youths.id AND s.youth_id = ANY (touched)
      AND (youths.is_in_kaa, youths.is_in_outreach, youths.is_open, youths.is_offered)
        IS DISTINCT FROM (s.is_in_kaa, s.is_in_outreach, s.is_open, s.is_offered);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER episodes_stand_insert AFTER INSERT ON episodes REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_standing();
CREATE TRIGGER episodes_stand_update AFTER UPDATE ON episodes REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_standing();
CREATE TRIGGER episodes_stand_delete AFTER DELETE ON episodes REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_standing();
CREATE TRIGGER interventions_stand_insert AFTER INSERT ON interventions REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_standing();
CREATE TRIGGER interventions_stand_update AFTER UPDATE ON interventions REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_standing();
CREATE TRIGGER interventions_stand_delete AFTER DELETE ON interventions REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_standing();

UPDATE youths SET is_in_kaa = s.is_in_kaa, is_in_outreach = s.is_in_outreach, is_open = s.is_open, is_offered = s.is_offered
FROM youth_standings s WHERE s.youth_id = youths.id;

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
