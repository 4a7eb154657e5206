ALTER TABLE sessions DROP COLUMN has_provider_factor;
DROP TABLE single_sign_on_flows;
DROP TABLE single_sign_on_ties;
