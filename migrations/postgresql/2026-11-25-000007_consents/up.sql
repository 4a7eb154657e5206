-- Consents, the register of disclosures, and on what a referral rests. Those that name a recipient of care or social
-- services lie in the protected compartment. Keep this file in step with its twin of the other database.

CREATE TABLE consents (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  referral_id uuid REFERENCES referrals (id),
  recipient_kind text NOT NULL,
  recipient_name text,
  purpose text NOT NULL,
  categories jsonb NOT NULL,
  given_by text NOT NULL,
  form text NOT NULL,
  valid_from_on date NOT NULL,
  valid_to_on date NOT NULL,
  document_reference text,
  withdrawn_on date,
  withdrawal_form text,
  recipient_informed_on date,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (valid_to_on >= valid_from_on),
  CHECK (withdrawn_on IS NULL OR withdrawn_on >= valid_from_on),
  CHECK (recipient_informed_on IS NULL OR withdrawn_on IS NOT NULL)
);
CREATE INDEX consents_youth ON consents (youth_id, id);
CREATE TABLE disclosures (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  referral_id uuid REFERENCES referrals (id),
  recipient_kind text NOT NULL,
  recipient_name text,
  categories jsonb NOT NULL,
  means text NOT NULL,
  disclosed_on date NOT NULL,
  basis text NOT NULL,
  consent_id uuid REFERENCES consents (id),
  basis_reason text,
  disclosed_by uuid,
  created_at timestamptz NOT NULL,
  CHECK ((basis = 'consent') = (consent_id IS NOT NULL))
);
CREATE INDEX disclosures_youth ON disclosures (youth_id, id);
CREATE INDEX disclosures_consent ON disclosures (consent_id) WHERE consent_id IS NOT NULL;
ALTER TABLE referrals ADD COLUMN basis text;
ALTER TABLE referrals ADD COLUMN consent_id uuid;
ALTER TABLE referrals ADD COLUMN basis_reason text;

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_consents (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  referral_id uuid REFERENCES protected_referrals (id),
  recipient_kind text NOT NULL,
  recipient_name text,
  purpose text NOT NULL,
  categories jsonb NOT NULL,
  given_by text NOT NULL,
  form text NOT NULL,
  valid_from_on date NOT NULL,
  valid_to_on date NOT NULL,
  document_reference text,
  withdrawn_on date,
  withdrawal_form text,
  recipient_informed_on date,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (valid_to_on >= valid_from_on),
  CHECK (withdrawn_on IS NULL OR withdrawn_on >= valid_from_on),
  CHECK (recipient_informed_on IS NULL OR withdrawn_on IS NOT NULL)
);
CREATE INDEX protected_consents_youth ON protected_consents (youth_id, id);
CREATE TABLE protected_disclosures (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  referral_id uuid REFERENCES protected_referrals (id),
  recipient_kind text NOT NULL,
  recipient_name text,
  categories jsonb NOT NULL,
  means text NOT NULL,
  disclosed_on date NOT NULL,
  basis text NOT NULL,
  consent_id uuid REFERENCES protected_consents (id),
  basis_reason text,
  disclosed_by uuid,
  created_at timestamptz NOT NULL,
  CHECK ((basis = 'consent') = (consent_id IS NOT NULL))
);
CREATE INDEX protected_disclosures_youth ON protected_disclosures (youth_id, id);
CREATE INDEX protected_disclosures_consent ON protected_disclosures (consent_id) WHERE consent_id IS NOT NULL;
ALTER TABLE protected_referrals ADD COLUMN basis text;
ALTER TABLE protected_referrals ADD COLUMN consent_id uuid;
ALTER TABLE protected_referrals ADD COLUMN basis_reason text;

-- What was told cannot be untold ---------------------------------------------------------------
CREATE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the register of disclosures is append-only';
END $$;
CREATE TRIGGER disclosures_append_only BEFORE UPDATE OR DELETE ON disclosures FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_change();
CREATE TRIGGER disclosures_no_truncate BEFORE TRUNCATE ON disclosures FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_change();
CREATE TRIGGER protected_disclosures_append_only BEFORE UPDATE OR DELETE ON protected_disclosures FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_change();
CREATE TRIGGER protected_disclosures_no_truncate BEFORE TRUNCATE ON protected_disclosures FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_change();
