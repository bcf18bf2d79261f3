-- Master data: what an organisation has said of a vocabulary element (a place, a class of goods, a party, a word), in
-- the headers of its documents. Nothing is overwritten: each assertion is a row, and the newest is the one without valid_to.
-- `element` is the name in the form in which events are found by it, `body` the whole as JSON, names as written.
-- Names are bytes: they are walked page by page, and PostgreSQL compares text as the locale of its cluster has it.
CREATE TABLE vocabulary_element (
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  kind BYTEA NOT NULL,
  element BYTEA NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  job TEXT NOT NULL,
  answers BIGINT NOT NULL REFERENCES account(id),
  digest BYTEA NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (organisation, kind, element, valid_from)
);
CREATE UNIQUE INDEX vocabulary_element_current ON vocabulary_element (organisation, kind, element) WHERE valid_to IS NULL;
CREATE INDEX vocabulary_element_name ON vocabulary_element (organisation, element);

-- Which elements have an attribute, and which have it with a value: the digest is of the name, or of name and value.
-- This and the next table hold current assertions only, and could be built again from them.
CREATE TABLE vocabulary_attribute (
  organisation BIGINT NOT NULL,
  digest BYTEA NOT NULL,
  kind BYTEA NOT NULL,
  element BYTEA NOT NULL,
  PRIMARY KEY (organisation, digest, kind, element)
);
CREATE INDEX vocabulary_attribute_element ON vocabulary_attribute (organisation, kind, element);

CREATE TABLE vocabulary_child (
  organisation BIGINT NOT NULL,
  element BYTEA NOT NULL,
  kind BYTEA NOT NULL,
  child BYTEA NOT NULL,
  PRIMARY KEY (organisation, element, kind, child)
);

-- Subscriptions made over SOAP: the name that their maker gave (§8.2.5), the query that he named, and the version of EPCIS
-- in which he is told (1: 1.2, 2: 2.0). `subscription` is 0 while it is being made.
CREATE TABLE soap_subscription (
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  name TEXT NOT NULL,
  query_name TEXT NOT NULL,
  version BIGINT NOT NULL,
  subscription BIGINT NOT NULL,
  reserved_at BIGINT NOT NULL,
  PRIMARY KEY (organisation, name)
);
CREATE INDEX soap_subscription_number ON soap_subscription (subscription);
