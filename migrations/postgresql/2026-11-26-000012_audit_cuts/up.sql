-- What of the log has been disposed of, and reasons that can be erased without breaking the chain.
ALTER TABLE audit_events ADD COLUMN reason_digest bytea;
ALTER TABLE audit_events ADD COLUMN reason_salt bytea;
-- Where every lane had come before something was cut, signed.
CREATE TABLE audit_anchors (
  id uuid NOT NULL PRIMARY KEY,
  made_at timestamptz NOT NULL,
  document text NOT NULL
);
-- Each cut of a lane: up to which event, how many went, and what makes it hard to forge.
CREATE TABLE audit_cuts (
  id uuid NOT NULL PRIMARY KEY,
  lane integer NOT NULL,
  position bigint NOT NULL,
  event_count bigint NOT NULL CHECK (event_count > 0),
  hash bytea NOT NULL,
  older_than timestamptz NOT NULL,
  cut_at timestamptz NOT NULL,
  anchor_id uuid NOT NULL REFERENCES audit_anchors (id),
  previous_digest bytea NOT NULL,
  digest bytea NOT NULL,
  signature text NOT NULL,
  UNIQUE (lane, position)
);
CREATE INDEX log_review_rows_event ON log_review_rows (event_id);
CREATE TRIGGER audit_anchors_append_only BEFORE UPDATE OR DELETE ON audit_anchors FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_anchors_no_truncate BEFORE TRUNCATE ON audit_anchors FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_cuts_append_only BEFORE UPDATE OR DELETE ON audit_cuts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_cuts_no_truncate BEFORE TRUNCATE ON audit_cuts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- A cut moves forward, ends at an event that is there, and takes a whole stretch in which nothing is younger than it says.
CREATE FUNCTION refuse_wrong_cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM audit_cuts WHERE lane = NEW.lane AND position >= NEW.position)
    OR NOT EXISTS (SELECT 1 FROM audit_events WHERE lane = NEW.lane AND position = NEW.position AND hash = NEW.hash)
    OR EXISTS (SELECT 1 FROM audit_events WHERE lane = NEW.lane AND position <= NEW.position AND at >= NEW.older_than)
    OR NEW.event_count <> (SELECT COUNT(*) FROM audit_events WHERE lane = NEW.lane AND position <= NEW.position)
  THEN
    RAISE EXCEPTION 'the cut does not fit the log';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_cuts_fit BEFORE INSERT ON audit_cuts FOR EACH ROW EXECUTE FUNCTION refuse_wrong_cut();
CREATE FUNCTION refuse_event_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM audit_cuts WHERE lane = OLD.lane AND position >= OLD.position) THEN
    RAISE EXCEPTION 'the audit is append-only';
  END IF;
  RETURN OLD;
END $$;
CREATE FUNCTION refuse_subject_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM audit_events e JOIN audit_cuts c ON c.lane = e.lane AND c.position >= e.position WHERE e.id = OLD.event_id)
  THEN
    RAISE EXCEPTION 'the audit is append-only';
  END IF;
  RETURN OLD;
END $$;
-- Of a reason that is hashed by its digest, the text may be written anew (in another cipher), or erased with its salt.
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.lane, OLD.position, OLD.id, OLD.at, OLD.actor_id, OLD.actor_kind, OLD.role, OLD.unit_id, OLD.session_id, OLD.operation,
      OLD.outcome, OLD.error_code, OLD.request_id, OLD.is_break_glass, OLD.previous_hash, OLD.hash, OLD.reason_digest)
    IS DISTINCT FROM (NEW.lane, NEW.position, NEW.id, NEW.at, NEW.actor_id, NEW.actor_kind, NEW.role, NEW.unit_id, NEW.session_id,
      NEW.operation, NEW.outcome, NEW.error_code, NEW.request_id, NEW.is_break_glass, NEW.previous_hash, NEW.hash, NEW.reason_digest)
    OR OLD.reason_digest IS NULL
    OR OLD.reason IS NULL
    OR (NEW.reason IS NULL) <> (NEW.reason_salt IS NULL)
    OR (NEW.reason IS NOT NULL AND NEW.reason_salt IS DISTINCT FROM OLD.reason_salt)
  THEN
    RAISE EXCEPTION 'the audit is append-only';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER audit_events_append_only ON audit_events;
DROP TRIGGER audit_subjects_append_only ON audit_subjects;
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_event_change();
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse_event_removal();
CREATE TRIGGER audit_subjects_no_update BEFORE UPDATE ON audit_subjects FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_subjects_no_delete BEFORE DELETE ON audit_subjects FOR EACH ROW EXECUTE FUNCTION refuse_subject_removal();
