DROP TABLE audit_field_sets;
