-- What is wrong with the rows of a national file, for those who mend it; gone when it expires. Keep this file in step with its
-- twin of the other database.

CREATE TABLE national_file_problems (
  id uuid NOT NULL PRIMARY KEY,
  file_id uuid NOT NULL REFERENCES national_files (id),
  line bigint NOT NULL,
  youth_id uuid NOT NULL REFERENCES youths (id),
  block text NOT NULL,
  field text NOT NULL,
  code text NOT NULL,
  weight text NOT NULL,
  word text
);
CREATE INDEX national_file_problems_file ON national_file_problems (file_id, id);
CREATE INDEX national_file_problems_youth ON national_file_problems (youth_id);
