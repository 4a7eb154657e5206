DROP TABLE log_review_rows;
DROP TABLE log_reviews;
