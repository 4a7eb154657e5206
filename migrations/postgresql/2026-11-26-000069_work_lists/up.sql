-- Work lists are found from the person, and read in the order of the days due, however many tasks are open.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

CREATE INDEX tasks_due ON tasks (unit_id, due_on, id) WHERE closed_at IS NULL;
CREATE INDEX tasks_made ON tasks (responsible_id, due_on) WHERE closed_at IS NULL;
CREATE INDEX tasks_given ON tasks (reassigned_to, due_on) WHERE closed_at IS NULL;
