DROP TRIGGER disclosures_no_delete;
CREATE TRIGGER disclosures_no_delete BEFORE DELETE ON disclosures BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
DROP TRIGGER protected_disclosures_no_delete;
CREATE TRIGGER protected_disclosures_no_delete BEFORE DELETE ON protected_disclosures BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
DROP TABLE disposal_items;
DROP TABLE disposal_runs;
DROP TABLE disposal_holds;
