DROP TABLE carried_notes;
DROP TABLE transfers;
