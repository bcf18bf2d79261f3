-- Words as bytes: a prefix is a range of the key only where texts are compared byte by byte, and PostgreSQL
-- compares text as the locale of its cluster has it.
CREATE TABLE search_term (
  word BYTEA NOT NULL,
  kind TEXT NOT NULL,
  subject BIGINT NOT NULL,
  weight BIGINT NOT NULL,
  PRIMARY KEY (word, kind, subject)
);
INSERT INTO search_term (word, kind, subject, weight)
  SELECT CAST(word AS BYTEA), kind, subject, weight FROM search_word;
DROP TABLE search_word;
CREATE INDEX search_term_subject ON search_term (kind, subject);
