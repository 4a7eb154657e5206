DROP INDEX tasks_given;
DROP INDEX tasks_made;
DROP INDEX tasks_due;
