DROP TABLE protected_register_extracts;
DROP TABLE register_extracts;
DROP FUNCTION refuse_extract_change();
