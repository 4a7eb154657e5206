-- Enciphered texts stay enciphered; an empty database goes back.
DROP TABLE key_checks;
ALTER TABLE youth_identifiers DROP COLUMN number;
ALTER TABLE import_decisions DROP COLUMN number;
CREATE UNIQUE INDEX protected_tasks_one_open ON protected_tasks (kind, cause_id) WHERE closed_at IS NULL;
