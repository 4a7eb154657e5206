-- What must not lie open in the database is enciphered by the service (see db/enciphering, which fills these columns).

-- A number is found by its keyed hash (value, identifier_value); the number itself is a cipher text.
ALTER TABLE youth_identifiers ADD COLUMN number TEXT NOT NULL DEFAULT '';
ALTER TABLE import_decisions ADD COLUMN number TEXT NOT NULL DEFAULT '';

-- By which the keys of this database are known again: fingerprints, from which no key follows.
CREATE TABLE key_checks (
  key_set TEXT NOT NULL CHECK (key_set IN ('register', 'compartment', 'lookup')),
  version INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (key_set, version)
) STRICT, WITHOUT ROWID;

-- The kind of a task of the compartment cannot be compared any more. Two transactions that make the same one conflict.
DROP INDEX protected_tasks_one_open;

-- The basis of a disclosure of the compartment cannot be compared either.
CREATE TABLE protected_disclosures_new (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  referral_id BLOB REFERENCES protected_referrals (id),
  recipient_kind TEXT NOT NULL,
  recipient_name TEXT,
  categories TEXT NOT NULL,
  means TEXT NOT NULL,
  disclosed_on TEXT NOT NULL,
  basis TEXT NOT NULL,
  consent_id BLOB REFERENCES protected_consents (id),
  basis_reason TEXT,
  disclosed_by BLOB,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO protected_disclosures_new SELECT * FROM protected_disclosures;
DROP TRIGGER protected_disclosures_no_update;
DROP TRIGGER protected_disclosures_no_delete;
DROP TABLE protected_disclosures;
ALTER TABLE protected_disclosures_new RENAME TO protected_disclosures;
CREATE INDEX protected_disclosures_youth ON protected_disclosures (youth_id, id);
CREATE INDEX protected_disclosures_consent ON protected_disclosures (consent_id) WHERE consent_id IS NOT NULL;

-- What never changes may be enciphered, and enciphered anew with another key; nothing else.
DROP TRIGGER disclosures_no_update;
CREATE TRIGGER disclosures_no_update BEFORE UPDATE ON disclosures
WHEN (OLD.id, OLD.youth_id, OLD.referral_id, OLD.recipient_kind, OLD.means, OLD.disclosed_on, OLD.basis, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
    IS NOT (NEW.id, NEW.youth_id, NEW.referral_id, NEW.recipient_kind, NEW.means, NEW.disclosed_on, NEW.basis, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
  OR (OLD.recipient_name IS NOT NEW.recipient_name AND NEW.recipient_name NOT LIKE 'kaa1:%')
  OR (OLD.categories IS NOT NEW.categories AND NEW.categories NOT LIKE 'kaa1:%')
  OR (OLD.basis_reason IS NOT NEW.basis_reason AND NEW.basis_reason NOT LIKE 'kaa1:%')
  OR (OLD.recipient_name IS NULL) <> (NEW.recipient_name IS NULL)
  OR (OLD.basis_reason IS NULL) <> (NEW.basis_reason IS NULL)
BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
CREATE TRIGGER protected_disclosures_no_update BEFORE UPDATE ON protected_disclosures
WHEN (OLD.id, OLD.youth_id, OLD.referral_id, OLD.disclosed_on, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
    IS NOT (NEW.id, NEW.youth_id, NEW.referral_id, NEW.disclosed_on, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
  OR (OLD.recipient_kind IS NOT NEW.recipient_kind AND NEW.recipient_kind NOT LIKE 'kaa1:%')
  OR (OLD.recipient_name IS NOT NEW.recipient_name AND NEW.recipient_name NOT LIKE 'kaa1:%')
  OR (OLD.categories IS NOT NEW.categories AND NEW.categories NOT LIKE 'kaa1:%')
  OR (OLD.means IS NOT NEW.means AND NEW.means NOT LIKE 'kaa1:%')
  OR (OLD.basis IS NOT NEW.basis AND NEW.basis NOT LIKE 'kaa1:%')
  OR (OLD.basis_reason IS NOT NEW.basis_reason AND NEW.basis_reason NOT LIKE 'kaa1:%')
  OR (OLD.recipient_name IS NULL) <> (NEW.recipient_name IS NULL)
  OR (OLD.basis_reason IS NULL) <> (NEW.basis_reason IS NULL)
BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
CREATE TRIGGER protected_disclosures_no_delete BEFORE DELETE ON protected_disclosures BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;

DROP TRIGGER plan_revisions_no_update;
CREATE TRIGGER plan_revisions_no_update BEFORE UPDATE ON plan_revisions
WHEN (OLD.id, OLD.youth_id, OLD.episode_id, OLD.number, OLD.based_on, OLD.goal_type, OLD.agreed_on, OLD.agreement_form, OLD.made_by, OLD.created_at)
    IS NOT (NEW.id, NEW.youth_id, NEW.episode_id, NEW.number, NEW.based_on, NEW.goal_type, NEW.agreed_on, NEW.agreement_form, NEW.made_by, NEW.created_at)
  OR (OLD.planning_text IS NOT NEW.planning_text AND NEW.planning_text NOT LIKE 'kaa1:%')
  OR (OLD.goal_text IS NOT NEW.goal_text AND NEW.goal_text NOT LIKE 'kaa1:%')
  OR (OLD.items IS NOT NEW.items AND NEW.items NOT LIKE 'kaa1:%')
  OR (OLD.agreed_to IS NOT NEW.agreed_to AND NEW.agreed_to NOT LIKE 'kaa1:%')
  OR (OLD.not_agreed_to IS NOT NEW.not_agreed_to AND NEW.not_agreed_to NOT LIKE 'kaa1:%')
  OR (OLD.agreed_to IS NULL) <> (NEW.agreed_to IS NULL)
  OR (OLD.not_agreed_to IS NULL) <> (NEW.not_agreed_to IS NULL)
BEGIN SELECT RAISE(ABORT, 'a plan revision never changes'); END;

DROP TRIGGER log_reviews_no_update;
CREATE TRIGGER log_reviews_no_update BEFORE UPDATE ON log_reviews
WHEN OLD.signed_off_at IS NOT NULL
  AND ((OLD.id, OLD.unit_id, OLD.kind, OLD.from_on, OLD.to_on, OLD.reviewer_id, OLD.seed, OLD.rules, OLD.event_count, OLD.row_count, OLD.signed_off_at, OLD.created_at, OLD.updated_at, OLD.version)
      IS NOT (NEW.id, NEW.unit_id, NEW.kind, NEW.from_on, NEW.to_on, NEW.reviewer_id, NEW.seed, NEW.rules, NEW.event_count, NEW.row_count, NEW.signed_off_at, NEW.created_at, NEW.updated_at, NEW.version)
    OR (OLD.conclusion IS NOT NEW.conclusion AND NEW.conclusion NOT LIKE 'kaa1:%')
    OR (OLD.conclusion IS NULL) <> (NEW.conclusion IS NULL))
BEGIN SELECT RAISE(ABORT, 'the review is signed off'); END;
DROP TRIGGER log_review_rows_no_update;
CREATE TRIGGER log_review_rows_no_update BEFORE UPDATE ON log_review_rows
WHEN (OLD.review_id, OLD.ordinal, OLD.event_id, OLD.reasons) IS NOT (NEW.review_id, NEW.ordinal, NEW.event_id, NEW.reasons)
  OR (((OLD.finding, OLD.follow_up_on, OLD.note IS NULL) IS NOT (NEW.finding, NEW.follow_up_on, NEW.note IS NULL)
      OR (OLD.note IS NOT NEW.note AND NEW.note NOT LIKE 'kaa1:%'))
    AND EXISTS (SELECT 1 FROM log_reviews WHERE id = OLD.review_id AND signed_off_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'the review is signed off'); END;
