-- Consents, the register of disclosures, and on what a referral rests. Those that name a recipient of care or social
-- services lie in the protected compartment. Keep this file in step with its twin of the other database.

CREATE TABLE consents (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  referral_id BLOB REFERENCES referrals (id),
  recipient_kind TEXT NOT NULL,
  recipient_name TEXT,
  purpose TEXT NOT NULL,
  categories TEXT NOT NULL,
  given_by TEXT NOT NULL,
  form TEXT NOT NULL,
  valid_from_on TEXT NOT NULL,
  valid_to_on TEXT NOT NULL,
  document_reference TEXT,
  withdrawn_on TEXT,
  withdrawal_form TEXT,
  recipient_informed_on TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (valid_to_on >= valid_from_on),
  CHECK (withdrawn_on IS NULL OR withdrawn_on >= valid_from_on),
  CHECK (recipient_informed_on IS NULL OR withdrawn_on IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_youth ON consents (youth_id, id);
CREATE TABLE disclosures (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  referral_id BLOB REFERENCES referrals (id),
  recipient_kind TEXT NOT NULL,
  recipient_name TEXT,
  categories TEXT NOT NULL,
  means TEXT NOT NULL,
  disclosed_on TEXT NOT NULL,
  basis TEXT NOT NULL,
  consent_id BLOB REFERENCES consents (id),
  basis_reason TEXT,
  disclosed_by BLOB,
  created_at TEXT NOT NULL,
  CHECK ((basis = 'consent') = (consent_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX disclosures_youth ON disclosures (youth_id, id);
CREATE INDEX disclosures_consent ON disclosures (consent_id) WHERE consent_id IS NOT NULL;
ALTER TABLE referrals ADD COLUMN basis TEXT;
ALTER TABLE referrals ADD COLUMN consent_id BLOB;
ALTER TABLE referrals ADD COLUMN basis_reason TEXT;

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_consents (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  referral_id BLOB REFERENCES protected_referrals (id),
  recipient_kind TEXT NOT NULL,
  recipient_name TEXT,
  purpose TEXT NOT NULL,
  categories TEXT NOT NULL,
  given_by TEXT NOT NULL,
  form TEXT NOT NULL,
  valid_from_on TEXT NOT NULL,
  valid_to_on TEXT NOT NULL,
  document_reference TEXT,
  withdrawn_on TEXT,
  withdrawal_form TEXT,
  recipient_informed_on TEXT,
  created_by BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (valid_to_on >= valid_from_on),
  CHECK (withdrawn_on IS NULL OR withdrawn_on >= valid_from_on),
  CHECK (recipient_informed_on IS NULL OR withdrawn_on IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX protected_consents_youth ON protected_consents (youth_id, id);
CREATE TABLE protected_disclosures (
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
  created_at TEXT NOT NULL,
  CHECK ((basis = 'consent') = (consent_id IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX protected_disclosures_youth ON protected_disclosures (youth_id, id);
CREATE INDEX protected_disclosures_consent ON protected_disclosures (consent_id) WHERE consent_id IS NOT NULL;
ALTER TABLE protected_referrals ADD COLUMN basis TEXT;
ALTER TABLE protected_referrals ADD COLUMN consent_id BLOB;
ALTER TABLE protected_referrals ADD COLUMN basis_reason TEXT;

-- What was told cannot be untold ---------------------------------------------------------------
CREATE TRIGGER disclosures_no_update BEFORE UPDATE ON disclosures BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
CREATE TRIGGER disclosures_no_delete BEFORE DELETE ON disclosures BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
CREATE TRIGGER protected_disclosures_no_update BEFORE UPDATE ON protected_disclosures BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
CREATE TRIGGER protected_disclosures_no_delete BEFORE DELETE ON protected_disclosures BEGIN SELECT RAISE(ABORT, 'the register of disclosures is append-only'); END;
