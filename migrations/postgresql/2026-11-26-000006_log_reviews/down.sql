DROP TABLE log_review_rows;
DROP TABLE log_reviews;
DROP FUNCTION refuse_signed_review();
DROP FUNCTION refuse_signed_row();
