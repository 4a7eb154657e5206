DROP TRIGGER register_extracts_no_move ON register_extracts;
DROP FUNCTION refuse_extract_move;
DROP TRIGGER register_extracts_no_update ON register_extracts;
CREATE TRIGGER register_extracts_no_update BEFORE UPDATE OF id, youth_id, requested_on, identity_proof, includes_readers, is_whole, categories, content_sha256, made_by, created_at ON register_extracts FOR EACH ROW EXECUTE FUNCTION refuse_extract_change();
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
DROP FUNCTION is_of_one_person;
DROP FUNCTION is_in_merge;
DROP TABLE set_aside_records;
DROP TABLE protected_youth_merges;
DROP TABLE youth_merges;
DROP TABLE duplicate_dismissals;
DROP INDEX youths_by_birth;
