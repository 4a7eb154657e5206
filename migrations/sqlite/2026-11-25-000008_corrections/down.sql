DROP TABLE protected_correction_notes;
DROP TABLE sensitive_term_counts;
DROP TABLE correction_notes;
