DROP TABLE statistics_releases;
DROP FUNCTION refuse_release_change();
