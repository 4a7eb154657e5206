DROP TABLE processing_restrictions;
