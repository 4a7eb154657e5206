-- What is wrong with the rows of a national file, for those who mend it; gone when it expires. Keep this file in step with its
-- twin of the other database.

CREATE TABLE national_file_problems (
  id BLOB NOT NULL PRIMARY KEY,
  file_id BLOB NOT NULL REFERENCES national_files (id),
  line INTEGER NOT NULL,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  block TEXT NOT NULL,
  field TEXT NOT NULL,
  code TEXT NOT NULL,
  weight TEXT NOT NULL,
  word TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX national_file_problems_file ON national_file_problems (file_id, id);
CREATE INDEX national_file_problems_youth ON national_file_problems (youth_id);
