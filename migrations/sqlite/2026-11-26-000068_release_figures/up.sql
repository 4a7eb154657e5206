-- Of each release the figures that a goal can be measured by, apart from the release itself, which is large: a list of goals reads
-- these of all releases that stand. Follows from what was published and never changes. A release that was made before this table
-- has none here and is read as a whole. Keep this file in step with its twin of the other database.

CREATE TABLE statistics_release_figures (
  release_id BLOB NOT NULL PRIMARY KEY REFERENCES statistics_releases (id),
  figures TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Which stand is found without passing through what they published.
CREATE INDEX statistics_releases_standing ON statistics_releases (number) WHERE withdrawn_at IS NULL;

CREATE TRIGGER statistics_release_figures_no_update BEFORE UPDATE ON statistics_release_figures
BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
CREATE TRIGGER statistics_release_figures_no_delete BEFORE DELETE ON statistics_release_figures
BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
