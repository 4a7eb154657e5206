DROP TABLE contact_persons;
DROP TABLE organisations;
