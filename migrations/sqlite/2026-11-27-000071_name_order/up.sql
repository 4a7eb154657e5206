-- The words of names stand in the order of the lists, so that a name borne by many gives its first page without meeting the rest.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

ALTER TABLE youth_names ADD COLUMN unit_id BLOB REFERENCES units (id);
ALTER TABLE youth_names ADD COLUMN sort_name TEXT NOT NULL DEFAULT '';
UPDATE youth_names SET (unit_id, sort_name) = (SELECT unit_id, sort_name FROM youths WHERE id = youth_names.youth_id);
CREATE INDEX youth_names_order ON youth_names (unit_id, token, sort_name, youth_id);

CREATE TRIGGER youths_order_names AFTER UPDATE OF unit_id, sort_name ON youths
WHEN OLD.unit_id IS NOT NEW.unit_id OR OLD.sort_name IS NOT NEW.sort_name
BEGIN
  UPDATE youth_names SET unit_id = NEW.unit_id, sort_name = NEW.sort_name WHERE youth_id = NEW.id;
END;
