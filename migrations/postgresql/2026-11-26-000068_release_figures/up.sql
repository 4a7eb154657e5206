-- Of each release the figures that a goal can be measured by, apart from the release itself, which is large: a list of goals reads
-- these of all releases that stand. Follows from what was published and never changes. A release that was made before this table
-- has none here and is read as a whole. Keep this file in step with its twin of the other database.

CREATE TABLE statistics_release_figures (
  release_id uuid NOT NULL PRIMARY KEY REFERENCES statistics_releases (id),
  figures text NOT NULL
);
-- Which stand is found without passing through what they published.
CREATE INDEX statistics_releases_standing ON statistics_releases (number) WHERE withdrawn_at IS NULL;

CREATE FUNCTION refuse_release_figures_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a release never changes';
END $$;
CREATE TRIGGER statistics_release_figures_no_change BEFORE UPDATE OR DELETE ON statistics_release_figures FOR EACH ROW EXECUTE FUNCTION refuse_release_figures_change();
CREATE TRIGGER statistics_release_figures_no_truncate BEFORE TRUNCATE ON statistics_release_figures FOR EACH STATEMENT EXECUTE FUNCTION refuse_release_figures_change();
