-- Reviews of the log: what was drawn, why, what was found, and what was followed up. Once signed off a review never changes.
CREATE TABLE log_reviews (
  id BLOB NOT NULL PRIMARY KEY,
  unit_id BLOB REFERENCES units (id),
  kind TEXT NOT NULL,
  from_on TEXT NOT NULL,
  to_on TEXT NOT NULL,
  reviewer_id BLOB NOT NULL REFERENCES users (id),
  seed TEXT NOT NULL,
  rules TEXT NOT NULL,
  event_count INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  conclusion TEXT,
  signed_off_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  CHECK (kind = 'independent' OR unit_id IS NOT NULL),
  CHECK (signed_off_at IS NOT NULL OR conclusion IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_reviews_unit ON log_reviews (unit_id, id);
-- The event is no foreign key: it may be removed when the log is kept no longer, the finding stays.
CREATE TABLE log_review_rows (
  id BLOB NOT NULL PRIMARY KEY,
  review_id BLOB NOT NULL REFERENCES log_reviews (id),
  ordinal INTEGER NOT NULL,
  event_id BLOB NOT NULL,
  actor_id BLOB,
  reasons TEXT NOT NULL,
  finding TEXT,
  note TEXT,
  follow_up_on TEXT,
  follow_up_outcome TEXT,
  follow_up_result TEXT,
  followed_up_by BLOB REFERENCES users (id),
  followed_up_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL,
  UNIQUE (review_id, ordinal),
  CHECK (follow_up_on IS NULL OR finding IS NOT NULL),
  CHECK ((follow_up_outcome IS NULL) = (followed_up_at IS NULL)),
  CHECK (follow_up_on IS NOT NULL OR followed_up_at IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_review_rows_follow_up ON log_review_rows (follow_up_on, id) WHERE follow_up_on IS NOT NULL AND followed_up_at IS NULL;
CREATE TRIGGER log_reviews_no_update BEFORE UPDATE ON log_reviews WHEN OLD.signed_off_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the review is signed off'); END;
CREATE TRIGGER log_reviews_no_delete BEFORE DELETE ON log_reviews BEGIN SELECT RAISE(ABORT, 'reviews are kept'); END;
CREATE TRIGGER log_review_rows_no_delete BEFORE DELETE ON log_review_rows BEGIN SELECT RAISE(ABORT, 'reviews are kept'); END;
-- What came of a finding is recorded after the review is signed off; nothing else of the row is.
CREATE TRIGGER log_review_rows_no_update BEFORE UPDATE ON log_review_rows
WHEN (OLD.review_id, OLD.ordinal, OLD.event_id, OLD.reasons) IS NOT (NEW.review_id, NEW.ordinal, NEW.event_id, NEW.reasons)
  OR ((OLD.finding, OLD.note, OLD.follow_up_on) IS NOT (NEW.finding, NEW.note, NEW.follow_up_on)
    AND EXISTS (SELECT 1 FROM log_reviews WHERE id = OLD.review_id AND signed_off_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'the review is signed off'); END;
