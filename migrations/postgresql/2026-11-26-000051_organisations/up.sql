-- Whom the team works with: hosts of placements, authorities, clinics, schools, associations, and whom one talks to there.
-- Nothing here is about a youth. Keep this file in step with its twin of the other database.

CREATE TABLE organisations (
  id uuid NOT NULL PRIMARY KEY,
  unit_id uuid NOT NULL REFERENCES units (id),
  name text NOT NULL,
  kind text NOT NULL,
  address text,
  phone text,
  email text,
  website text,
  note text,
  is_active boolean NOT NULL,
  sort_name text COLLATE "C" NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX organisations_unit ON organisations (unit_id, sort_name, id);
CREATE TABLE contact_persons (
  id uuid NOT NULL PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES organisations (id),
  name text NOT NULL,
  title text,
  phone text,
  email text,
  is_active boolean NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL
);
CREATE INDEX contact_persons_organisation ON contact_persons (organisation_id, id);
