-- What of the log has been disposed of, and reasons that can be erased without breaking the chain.
ALTER TABLE audit_events ADD COLUMN reason_digest BLOB;
ALTER TABLE audit_events ADD COLUMN reason_salt BLOB;
-- Where every lane had come before something was cut, signed.
CREATE TABLE audit_anchors (
  id BLOB NOT NULL PRIMARY KEY,
  made_at TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Each cut of a lane: up to which event, how many went, and what makes it hard to forge.
CREATE TABLE audit_cuts (
  id BLOB NOT NULL PRIMARY KEY,
  lane INTEGER NOT NULL,
  position INTEGER NOT NULL,
  event_count INTEGER NOT NULL CHECK (event_count > 0),
  hash BLOB NOT NULL,
  older_than TEXT NOT NULL,
  cut_at TEXT NOT NULL,
  anchor_id BLOB NOT NULL REFERENCES audit_anchors (id),
  previous_digest BLOB NOT NULL,
  digest BLOB NOT NULL,
  signature TEXT NOT NULL,
  UNIQUE (lane, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_review_rows_event ON log_review_rows (event_id);
CREATE TRIGGER audit_anchors_no_update BEFORE UPDATE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_anchors_no_delete BEFORE DELETE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_cuts_no_update BEFORE UPDATE ON audit_cuts BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_cuts_no_delete BEFORE DELETE ON audit_cuts BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
-- A cut moves forward, ends at an event that is there, and takes a whole stretch in which nothing is younger than it says.
CREATE TRIGGER audit_cuts_fit BEFORE INSERT ON audit_cuts
WHEN EXISTS (SELECT 1 FROM audit_cuts WHERE lane = NEW.lane AND position >= NEW.position)
  OR NOT EXISTS (SELECT 1 FROM audit_events WHERE lane = NEW.lane AND position = NEW.position AND hash = NEW.hash)
  OR EXISTS (SELECT 1 FROM audit_events WHERE lane = NEW.lane AND position <= NEW.position AND at >= NEW.older_than)
  OR NEW.event_count <> (SELECT COUNT(*) FROM audit_events WHERE lane = NEW.lane AND position <= NEW.position)
BEGIN SELECT RAISE(ABORT, 'the cut does not fit the log'); END;
DROP TRIGGER audit_events_no_update;
DROP TRIGGER audit_events_no_delete;
DROP TRIGGER audit_subjects_no_delete;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
WHEN NOT EXISTS (SELECT 1 FROM audit_cuts WHERE lane = OLD.lane AND position >= OLD.position)
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_subjects_no_delete BEFORE DELETE ON audit_subjects
WHEN NOT EXISTS (
  SELECT 1 FROM audit_events e JOIN audit_cuts c ON c.lane = e.lane AND c.position >= e.position WHERE e.id = OLD.event_id)
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
-- Of a reason that is hashed by its digest, the text may be written anew (in another cipher), or erased with its salt.
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
WHEN (OLD.lane, OLD.position, OLD.id, OLD.at, OLD.actor_id, OLD.actor_kind, OLD.role, OLD.unit_id, OLD.session_id, OLD.operation,
      OLD.outcome, OLD.error_code, OLD.request_id, OLD.is_break_glass, OLD.previous_hash, OLD.hash, OLD.reason_digest)
  IS NOT (NEW.lane, NEW.position, NEW.id, NEW.at, NEW.actor_id, NEW.actor_kind, NEW.role, NEW.unit_id, NEW.session_id, NEW.operation,
      NEW.outcome, NEW.error_code, NEW.request_id, NEW.is_break_glass, NEW.previous_hash, NEW.hash, NEW.reason_digest)
  OR OLD.reason_digest IS NULL
  OR OLD.reason IS NULL
  OR (NEW.reason IS NULL) <> (NEW.reason_salt IS NULL)
  OR (NEW.reason IS NOT NULL AND NEW.reason_salt IS NOT OLD.reason_salt)
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
