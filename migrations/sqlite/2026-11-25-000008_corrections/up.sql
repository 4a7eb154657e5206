-- Objections that stand beside a fact, and how often sensitive words were let stand: counts alone, of no text, youth or
-- author. Keep this file in step with its twin of the other database.

CREATE TABLE correction_notes (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB REFERENCES episodes (id),
  resource TEXT NOT NULL,
  record_id BLOB NOT NULL,
  field TEXT,
  text TEXT NOT NULL,
  raised_by TEXT NOT NULL,
  raised_on TEXT NOT NULL,
  created_by BLOB,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX correction_notes_youth ON correction_notes (youth_id, id);
CREATE TABLE sensitive_term_counts (
  unit_id BLOB NOT NULL REFERENCES units (id),
  week_on TEXT NOT NULL,
  category TEXT NOT NULL,
  confirmed_count INTEGER NOT NULL,
  PRIMARY KEY (unit_id, week_on, category)
) STRICT, WITHOUT ROWID;

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_correction_notes (
  id BLOB NOT NULL PRIMARY KEY,
  youth_id BLOB NOT NULL REFERENCES youths (id),
  episode_id BLOB REFERENCES episodes (id),
  resource TEXT NOT NULL,
  record_id BLOB NOT NULL,
  field TEXT,
  text TEXT NOT NULL,
  raised_by TEXT NOT NULL,
  raised_on TEXT NOT NULL,
  created_by BLOB,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX protected_correction_notes_youth ON protected_correction_notes (youth_id, id);
