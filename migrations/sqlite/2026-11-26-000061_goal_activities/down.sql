DROP TABLE goal_follow_ups;
DROP TABLE goal_activities;
