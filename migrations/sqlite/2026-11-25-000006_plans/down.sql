DROP TABLE education_contract_follow_ups;
DROP TABLE education_contracts;
DROP TABLE plan_follow_ups_done;
DROP TABLE plan_follow_ups;
DROP TABLE plan_revisions;
DROP TABLE mappings;
