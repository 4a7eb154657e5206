-- Objections that stand beside a fact, and how often sensitive words were let stand: counts alone, of no text, youth or
-- author. Keep this file in step with its twin of the other database.

CREATE TABLE correction_notes (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid REFERENCES episodes (id),
  resource text NOT NULL,
  record_id uuid NOT NULL,
  field text,
  text text NOT NULL,
  raised_by text NOT NULL,
  raised_on date NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE INDEX correction_notes_youth ON correction_notes (youth_id, id);
CREATE TABLE sensitive_term_counts (
  unit_id uuid NOT NULL REFERENCES units (id),
  week_on date NOT NULL,
  category text NOT NULL,
  confirmed_count bigint NOT NULL,
  PRIMARY KEY (unit_id, week_on, category)
);

-- The protected compartment: no column of the register points here ----------------------------
CREATE TABLE protected_correction_notes (
  id uuid NOT NULL PRIMARY KEY,
  youth_id uuid NOT NULL REFERENCES youths (id),
  episode_id uuid REFERENCES episodes (id),
  resource text NOT NULL,
  record_id uuid NOT NULL,
  field text,
  text text NOT NULL,
  raised_by text NOT NULL,
  raised_on date NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL
);
CREATE INDEX protected_correction_notes_youth ON protected_correction_notes (youth_id, id);
