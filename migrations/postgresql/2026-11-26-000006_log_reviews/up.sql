-- Reviews of the log: what was drawn, why, what was found, and what was followed up. Once signed off a review never changes.
CREATE TABLE log_reviews (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid REFERENCES units (id),
  kind text NOT NULL,
  from_on date NOT NULL,
  to_on date NOT NULL,
  reviewer_id uuid NOT NULL REFERENCES users (id),
  seed text NOT NULL,
  rules jsonb NOT NULL,
  event_count bigint NOT NULL,
  row_count bigint NOT NULL,
  conclusion text,
  signed_off_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (kind = 'independent' OR unit_id IS NOT NULL),
  CHECK (signed_off_at IS NOT NULL OR conclusion IS NULL)
);
CREATE INDEX log_reviews_unit ON log_reviews (unit_id, id);
-- The event is no foreign key: it may be removed when the log is kept no longer, the finding stays.
CREATE TABLE log_review_rows (
  id uuid NOT NULL PRIMARY KEY,
  review_id uuid NOT NULL REFERENCES log_reviews (id),
  ordinal integer NOT NULL,
  event_id uuid NOT NULL,
  actor_id uuid,
  reasons jsonb NOT NULL,
  finding text,
  note text,
  follow_up_on date,
  follow_up_outcome text,
  follow_up_result text,
  followed_up_by uuid REFERENCES users (id),
  followed_up_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  UNIQUE (review_id, ordinal),
  CHECK (follow_up_on IS NULL OR finding IS NOT NULL),
  CHECK ((follow_up_outcome IS NULL) = (followed_up_at IS NULL)),
  CHECK (follow_up_on IS NOT NULL OR followed_up_at IS NULL)
);
CREATE INDEX log_review_rows_follow_up ON log_review_rows (follow_up_on, id) WHERE follow_up_on IS NOT NULL AND followed_up_at IS NULL;
CREATE FUNCTION refuse_signed_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the review is signed off';
END $$;
CREATE FUNCTION refuse_signed_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.review_id, OLD.ordinal, OLD.event_id, OLD.reasons) IS DISTINCT FROM (NEW.review_id, NEW.ordinal, NEW.event_id, NEW.reasons)
    OR ((OLD.finding, OLD.note, OLD.follow_up_on) IS DISTINCT FROM (NEW.finding, NEW.note, NEW.follow_up_on)
      AND EXISTS (SELECT 1 FROM log_reviews WHERE id = OLD.review_id AND signed_off_at IS NOT NULL))
  THEN
    RAISE EXCEPTION 'the review is signed off';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER log_reviews_no_update BEFORE UPDATE ON log_reviews FOR EACH ROW WHEN (OLD.signed_off_at IS NOT NULL) EXECUTE FUNCTION refuse_signed_review();
CREATE TRIGGER log_reviews_no_delete BEFORE DELETE ON log_reviews FOR EACH ROW EXECUTE FUNCTION refuse_signed_review();
CREATE TRIGGER log_review_rows_no_delete BEFORE DELETE ON log_review_rows FOR EACH ROW EXECUTE FUNCTION refuse_signed_review();
-- What came of a finding is recorded after the review is signed off; nothing else of the row is.
CREATE TRIGGER log_review_rows_no_update BEFORE UPDATE ON log_review_rows FOR EACH ROW EXECUTE FUNCTION refuse_signed_row();
