DROP TRIGGER youths_order_names;
DROP INDEX youth_names_order;
ALTER TABLE youth_names DROP COLUMN sort_name;
ALTER TABLE youth_names DROP COLUMN unit_id;
