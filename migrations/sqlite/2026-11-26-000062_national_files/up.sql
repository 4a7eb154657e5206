-- The half-yearly national file: that one was made, by whom, of which profile and with which hash, which stays; and what it
-- says, enciphered piece by piece, which goes when it expires or is replaced. Keep this file in step with its twin of the other
-- database.

CREATE TABLE national_files (
  id BLOB NOT NULL PRIMARY KEY,
  year INTEGER NOT NULL,
  half_year INTEGER NOT NULL,
  status TEXT NOT NULL,
  profile_name TEXT NOT NULL,
  profile_version TEXT NOT NULL,
  profile_sha256 TEXT NOT NULL,
  is_draft INTEGER NOT NULL CHECK (is_draft IN (0, 1)),
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  sha256 TEXT,
  byte_count INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  person_count INTEGER NOT NULL,
  protected_count INTEGER NOT NULL,
  outside_count INTEGER NOT NULL,
  restricted_count INTEGER NOT NULL,
  error_count INTEGER NOT NULL,
  warning_count INTEGER NOT NULL,
  chunk_count INTEGER NOT NULL,
  job_id BLOB NOT NULL,
  made_by BLOB NOT NULL,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  replaced_by BLOB REFERENCES national_files (id),
  replaced_at TEXT,
  expires_on TEXT,
  content_erased_at TEXT,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Of a half-year one is in force.
CREATE UNIQUE INDEX national_files_made ON national_files (year, half_year) WHERE status = 'made';
CREATE INDEX national_files_replaced_by ON national_files (replaced_by);

CREATE TABLE national_file_chunks (
  id BLOB NOT NULL PRIMARY KEY,
  file_id BLOB NOT NULL REFERENCES national_files (id),
  ordinal INTEGER NOT NULL,
  content TEXT NOT NULL,
  UNIQUE (file_id, ordinal)
) STRICT, WITHOUT ROWID;
