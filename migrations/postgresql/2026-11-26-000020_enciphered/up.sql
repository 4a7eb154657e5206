-- What must not lie open in the database is enciphered by the service (see db/enciphering, which fills these columns).

-- A number is found by its keyed hash (value, identifier_value); the number itself is a cipher text.
ALTER TABLE youth_identifiers ADD COLUMN number text NOT NULL DEFAULT '';
ALTER TABLE import_decisions ADD COLUMN number text NOT NULL DEFAULT '';

-- By which the keys of this database are known again: fingerprints, from which no key follows.
CREATE TABLE key_checks (
  key_set text NOT NULL CHECK (key_set IN ('register', 'compartment', 'lookup')),
  version bigint NOT NULL,
  fingerprint text NOT NULL,
  PRIMARY KEY (key_set, version)
);

-- The kind of a task of the compartment cannot be compared any more. Two transactions that make the same one conflict.
DROP INDEX protected_tasks_one_open;

-- The basis of a disclosure of the compartment cannot be compared either.
ALTER TABLE protected_disclosures DROP CONSTRAINT protected_disclosures_check;

-- A cipher text is text, whatever it says.
ALTER TABLE youths ALTER COLUMN addresses TYPE text USING addresses::text;
ALTER TABLE youths ALTER COLUMN phones TYPE text USING phones::text;
ALTER TABLE youths ALTER COLUMN guardians TYPE text USING guardians::text;
ALTER TABLE record_versions ALTER COLUMN document TYPE text USING document::text;
ALTER TABLE protected_versions ALTER COLUMN document TYPE text USING document::text;
ALTER TABLE consents ALTER COLUMN categories TYPE text USING categories::text;
ALTER TABLE protected_consents ALTER COLUMN categories TYPE text USING categories::text;
ALTER TABLE disclosures ALTER COLUMN categories TYPE text USING categories::text;
ALTER TABLE protected_disclosures ALTER COLUMN categories TYPE text USING categories::text;
ALTER TABLE plan_revisions ALTER COLUMN items TYPE text USING items::text;
ALTER TABLE education_contracts ALTER COLUMN parties TYPE text USING parties::text;
ALTER TABLE education_contracts ALTER COLUMN courses TYPE text USING courses::text;
ALTER TABLE protected_answers ALTER COLUMN body TYPE text USING body::text;
ALTER TABLE idempotency_keys ALTER COLUMN body TYPE text USING body::text;
ALTER TABLE import_decisions ALTER COLUMN document TYPE text USING document::text;

-- What never changes may be enciphered, and enciphered anew with another key; nothing else.
CREATE FUNCTION only_enciphers(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT before IS NOT DISTINCT FROM after OR (before IS NOT NULL AND after IS NOT NULL AND after LIKE 'kaa1:%')
$$;
CREATE OR REPLACE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'disclosures' THEN
    IF (OLD.id, OLD.youth_id, OLD.referral_id, OLD.recipient_kind, OLD.means, OLD.disclosed_on, OLD.basis, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
        IS NOT DISTINCT FROM (NEW.id, NEW.youth_id, NEW.referral_id, NEW.recipient_kind, NEW.means, NEW.disclosed_on, NEW.basis, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
      AND only_enciphers(OLD.recipient_name, NEW.recipient_name)
      AND only_enciphers(OLD.categories, NEW.categories)
      AND only_enciphers(OLD.basis_reason, NEW.basis_reason)
    THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'protected_disclosures' THEN
    IF (OLD.id, OLD.youth_id, OLD.referral_id, OLD.disclosed_on, OLD.consent_id, OLD.disclosed_by, OLD.created_at)
        IS NOT DISTINCT FROM (NEW.id, NEW.youth_id, NEW.referral_id, NEW.disclosed_on, NEW.consent_id, NEW.disclosed_by, NEW.created_at)
      AND only_enciphers(OLD.recipient_kind, NEW.recipient_kind)
      AND only_enciphers(OLD.recipient_name, NEW.recipient_name)
      AND only_enciphers(OLD.categories, NEW.categories)
      AND only_enciphers(OLD.means, NEW.means)
      AND only_enciphers(OLD.basis, NEW.basis)
      AND only_enciphers(OLD.basis_reason, NEW.basis_reason)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the register of disclosures is append-only';
END $$;
CREATE OR REPLACE FUNCTION refuse_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'plan_revisions' THEN
    IF (OLD.id, OLD.youth_id, OLD.episode_id, OLD.number, OLD.based_on, OLD.goal_type, OLD.agreed_on, OLD.agreement_form, OLD.made_by, OLD.created_at)
        IS NOT DISTINCT FROM (NEW.id, NEW.youth_id, NEW.episode_id, NEW.number, NEW.based_on, NEW.goal_type, NEW.agreed_on, NEW.agreement_form, NEW.made_by, NEW.created_at)
      AND only_enciphers(OLD.planning_text, NEW.planning_text)
      AND only_enciphers(OLD.goal_text, NEW.goal_text)
      AND only_enciphers(OLD.items, NEW.items)
      AND only_enciphers(OLD.agreed_to, NEW.agreed_to)
      AND only_enciphers(OLD.not_agreed_to, NEW.not_agreed_to)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a plan revision never changes';
END $$;
CREATE OR REPLACE FUNCTION refuse_signed_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'log_reviews' THEN
    IF (OLD.id, OLD.unit_id, OLD.kind, OLD.from_on, OLD.to_on, OLD.reviewer_id, OLD.seed, OLD.rules, OLD.event_count, OLD.row_count, OLD.signed_off_at, OLD.created_at, OLD.updated_at, OLD.version)
        IS NOT DISTINCT FROM (NEW.id, NEW.unit_id, NEW.kind, NEW.from_on, NEW.to_on, NEW.reviewer_id, NEW.seed, NEW.rules, NEW.event_count, NEW.row_count, NEW.signed_off_at, NEW.created_at, NEW.updated_at, NEW.version)
      AND only_enciphers(OLD.conclusion, NEW.conclusion)
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the review is signed off';
END $$;
CREATE OR REPLACE FUNCTION refuse_signed_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.review_id, OLD.ordinal, OLD.event_id, OLD.reasons) IS DISTINCT FROM (NEW.review_id, NEW.ordinal, NEW.event_id, NEW.reasons)
    OR (((OLD.finding, OLD.follow_up_on) IS DISTINCT FROM (NEW.finding, NEW.follow_up_on)
        OR NOT only_enciphers(OLD.note, NEW.note))
      AND EXISTS (SELECT 1 FROM log_reviews WHERE id = OLD.review_id AND signed_off_at IS NOT NULL))
  THEN
    RAISE EXCEPTION 'the review is signed off';
  END IF;
  RETURN NEW;
END $$;
