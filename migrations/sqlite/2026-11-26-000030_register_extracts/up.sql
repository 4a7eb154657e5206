-- That somebody was given what the register holds about them (GDPR art. 15): when, by whom, for what request, what it
-- covered and its hash, never its content. Keep this file in step with its twin of the other database.

CREATE TABLE register_extracts (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  requested_on TEXT NOT NULL,
  request_reference TEXT,
  identity_proof TEXT NOT NULL,
  reason TEXT NOT NULL,
  includes_readers INTEGER NOT NULL,
  is_whole INTEGER NOT NULL,
  categories TEXT NOT NULL,
  omissions TEXT NOT NULL,
  content_sha256 TEXT NOT NULL,
  made_by BLOB NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX register_extracts_youth ON register_extracts (youth_id, id);

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_register_extracts (
  extract_id BLOB NOT NULL PRIMARY KEY REFERENCES register_extracts (id),
  omissions TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was handed over cannot be taken back ----------------------------------------------------
CREATE TRIGGER register_extracts_no_update BEFORE UPDATE OF id, youth_id, requested_on, identity_proof, includes_readers, is_whole, categories, content_sha256, made_by, created_at ON register_extracts BEGIN SELECT RAISE(ABORT, 'what was handed over stays noted'); END;
