-- Mappings, plans in revisions that never change, and education contracts.
CREATE TABLE mappings (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  goals text NOT NULL,
  needs text NOT NULL,
  expectations text NOT NULL,
  interests text,
  strengths text,
  made_on date NOT NULL,
  made_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX mappings_youth ON mappings (youth_id, made_on, id);
CREATE INDEX mappings_episode ON mappings (episode_id);
CREATE TABLE plan_revisions (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  number bigint NOT NULL,
  based_on bigint,
  planning_text text NOT NULL,
  goal_type text NOT NULL,
  goal_text text NOT NULL,
  items jsonb NOT NULL,
  agreed_on date,
  agreement_form text,
  agreed_to text,
  not_agreed_to text,
  made_by uuid,
  created_at timestamptz NOT NULL,
  UNIQUE (episode_id, number),
  CHECK ((based_on IS NULL AND number = 1) OR (based_on IS NOT NULL AND number = based_on + 1))
);
CREATE INDEX plan_revisions_youth ON plan_revisions (youth_id, id);
CREATE TABLE plan_follow_ups (
  id uuid NOT NULL PRIMARY KEY,
  revision_id uuid NOT NULL REFERENCES plan_revisions (id),
  due_on date NOT NULL,
  kind text NOT NULL,
  UNIQUE (revision_id, due_on, kind)
);
-- That a follow-up was done stands beside the revision, which does not change by it.
CREATE TABLE plan_follow_ups_done (
  follow_up_id uuid NOT NULL PRIMARY KEY REFERENCES plan_follow_ups (id),
  done_on date NOT NULL,
  done_by uuid,
  created_at timestamptz NOT NULL
);
CREATE TABLE education_contracts (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid NOT NULL REFERENCES episodes (id),
  parties jsonb NOT NULL,
  courses jsonb NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  signed_on date,
  ended_on date,
  end_reason text,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CHECK (ends_on >= starts_on)
);
CREATE INDEX education_contracts_youth ON education_contracts (youth_id, starts_on, id);
CREATE TABLE education_contract_follow_ups (
  id uuid NOT NULL PRIMARY KEY,
  contract_id uuid NOT NULL REFERENCES education_contracts (id),
  due_on date NOT NULL,
  done_on date,
  UNIQUE (contract_id, due_on)
);
CREATE FUNCTION refuse_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a plan revision never changes';
END $$;
CREATE TRIGGER plan_revisions_no_update BEFORE UPDATE ON plan_revisions FOR EACH ROW EXECUTE FUNCTION refuse_plan_change();
CREATE TRIGGER plan_follow_ups_no_update BEFORE UPDATE ON plan_follow_ups FOR EACH ROW EXECUTE FUNCTION refuse_plan_change();
