-- The half-yearly national file: that one was made, by whom, of which profile and with which hash, which stays; and what it
-- says, enciphered piece by piece, which goes when it expires or is replaced. Keep this file in step with its twin of the other
-- database.

CREATE TABLE national_files (
  id uuid NOT NULL PRIMARY KEY,
  year integer NOT NULL,
  half_year integer NOT NULL,
  status text NOT NULL,
  profile_name text NOT NULL,
  profile_version text NOT NULL,
  profile_sha256 text NOT NULL,
  is_draft boolean NOT NULL,
  file_name text NOT NULL,
  media_type text NOT NULL,
  sha256 text,
  byte_count bigint NOT NULL,
  row_count bigint NOT NULL,
  person_count bigint NOT NULL,
  protected_count bigint NOT NULL,
  outside_count bigint NOT NULL,
  restricted_count bigint NOT NULL,
  error_count bigint NOT NULL,
  warning_count bigint NOT NULL,
  chunk_count integer NOT NULL,
  job_id uuid NOT NULL,
  made_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  replaced_by uuid REFERENCES national_files (id),
  replaced_at timestamptz,
  expires_on date,
  content_erased_at timestamptz,
  version bigint NOT NULL
);
-- Of a half-year one is in force.
CREATE UNIQUE INDEX national_files_made ON national_files (year, half_year) WHERE status = 'made';
CREATE INDEX national_files_replaced_by ON national_files (replaced_by);

CREATE TABLE national_file_chunks (
  id uuid NOT NULL PRIMARY KEY,
  file_id uuid NOT NULL REFERENCES national_files (id),
  ordinal integer NOT NULL,
  content text NOT NULL,
  UNIQUE (file_id, ordinal)
);
