DROP INDEX contacts_planner;
DROP INDEX contacts_planned;
ALTER TABLE protected_statuses DROP COLUMN active_use_since;
ALTER TABLE protected_statuses DROP COLUMN active_use_id;
ALTER TABLE protected_statuses DROP COLUMN paused_until;
DROP TABLE backfills;
DROP TABLE protected_tasks;
DROP TABLE tasks;
