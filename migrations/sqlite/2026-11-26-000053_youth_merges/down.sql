DROP TRIGGER register_extracts_no_move;
DROP TRIGGER register_extracts_no_update;
CREATE TRIGGER register_extracts_no_update BEFORE UPDATE OF id, youth_id, requested_on, identity_proof, includes_readers, is_whole, categories, content_sha256, made_by, created_at ON register_extracts BEGIN SELECT RAISE(ABORT, 'what was handed over stays noted'); END;
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
DROP TRIGGER protected_disclosures_no_update;
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
DROP TABLE set_aside_records;
DROP TABLE protected_youth_merges;
DROP TABLE youth_merges;
DROP TABLE duplicate_dismissals;
DROP INDEX youths_by_birth;
