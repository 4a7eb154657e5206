DROP INDEX statistics_releases_standing;
DROP TABLE statistics_release_figures;
DROP FUNCTION refuse_release_figures_change();
