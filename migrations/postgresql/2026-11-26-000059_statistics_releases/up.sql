-- Releases of the statistics: what was published, as it was published, and what stands behind it. A release never changes; it can
-- be withdrawn once, and is kept then too. Keep this file in step with its twin of the other database.

CREATE TABLE statistics_releases (
  id uuid NOT NULL PRIMARY KEY,
  number bigint NOT NULL UNIQUE,
  year bigint NOT NULL,
  period text NOT NULL,
  threshold bigint NOT NULL,
  hidden_cells bigint NOT NULL,
  cells bigint NOT NULL,
  job_id uuid NOT NULL REFERENCES jobs (id),
  made_by uuid NOT NULL REFERENCES users (id),
  made_at timestamptz NOT NULL,
  content_sha256 text NOT NULL,
  document text NOT NULL,
  behind text NOT NULL,
  withdrawn_at timestamptz,
  withdrawn_by uuid REFERENCES users (id),
  withdrawal_reason text,
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);
CREATE INDEX statistics_releases_year ON statistics_releases (year, number);

-- What was published stays as it was; what is enciphered may be enciphered anew with another key.
CREATE FUNCTION refuse_release_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.id, OLD.number, OLD.year, OLD.period, OLD.threshold, OLD.hidden_cells, OLD.cells, OLD.job_id, OLD.made_by, OLD.made_at,
        OLD.content_sha256, OLD.document)
      IS NOT DISTINCT FROM (NEW.id, NEW.number, NEW.year, NEW.period, NEW.threshold, NEW.hidden_cells, NEW.cells, NEW.job_id, NEW.made_by,
        NEW.made_at, NEW.content_sha256, NEW.document)
      AND only_enciphers(OLD.behind, NEW.behind)
      AND (OLD.withdrawn_at IS NULL OR (
        (OLD.withdrawn_at, OLD.withdrawn_by) IS NOT DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawn_by)
        AND only_enciphers(OLD.withdrawal_reason, NEW.withdrawal_reason)))
    THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a release never changes';
END $$;
CREATE TRIGGER statistics_releases_no_change BEFORE UPDATE OR DELETE ON statistics_releases FOR EACH ROW EXECUTE FUNCTION refuse_release_change();
CREATE TRIGGER statistics_releases_no_truncate BEFORE TRUNCATE ON statistics_releases FOR EACH STATEMENT EXECUTE FUNCTION refuse_release_change();
