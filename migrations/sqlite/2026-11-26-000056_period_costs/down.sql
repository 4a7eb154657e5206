DROP TABLE period_costs;
