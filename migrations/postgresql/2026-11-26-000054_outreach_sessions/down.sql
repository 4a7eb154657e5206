DROP TABLE week_approvals;
DROP TABLE work_hours;
DROP TABLE outreach_contacts;
DROP TABLE outreach_participants;
DROP TABLE outreach_sessions;
