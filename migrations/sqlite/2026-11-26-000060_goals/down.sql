DROP TABLE goal_values;
DROP TABLE goals;
