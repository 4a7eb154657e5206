DROP TABLE outcome_checks;
ALTER TABLE episodes DROP COLUMN previous_episode_id;
ALTER TABLE contacts DROP COLUMN proposed_staff;
ALTER TABLE contacts DROP COLUMN proposed_channel;
ALTER TABLE contacts DROP COLUMN proposed_on;
