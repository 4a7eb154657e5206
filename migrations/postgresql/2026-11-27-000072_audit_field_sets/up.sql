-- The names of the fields that an event showed stand once, not in the row of every record that was shown: a list of fifty named
-- some six hundred bytes of them fifty times. A subject refers to its set by the first digits of the SHA-256 of the text; what
-- the chain covers is the text itself, so that a set that is changed breaks every event that refers to it.
-- Keep this file in step with its twin of the other database; tests/api/database compares them.

CREATE TABLE audit_field_sets (
  digest text NOT NULL PRIMARY KEY,
  fields text NOT NULL
);
CREATE TRIGGER audit_field_sets_append_only BEFORE UPDATE OR DELETE ON audit_field_sets FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_field_sets_no_truncate BEFORE TRUNCATE ON audit_field_sets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
