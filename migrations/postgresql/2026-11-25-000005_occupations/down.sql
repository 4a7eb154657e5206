UPDATE contacts SET occupation = 'unknown' WHERE occupation IN ('not_known', 'not_reached', 'declined_to_say');
DROP TABLE current_occupations;
DROP TABLE occupations;
