-- What programs keep asking: named queries, the subscriptions to them, and what could not be delivered.

-- A query of an organisation under a name of its own. `definition` is the JSON that was sent; it never changes, so that a
-- place in its answer stays one.
CREATE TABLE named_query (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES account(id),
  created_at BIGINT NOT NULL,
  UNIQUE (organisation, name)
);

-- Where the events of a query go as they come. `position` is the number in the log up to which the receiver has everything: it
-- moves only when the receiver has said so, or when a dead letter holds what lies between. `next_at` is when to look again.
-- A node that delivers holds the lease until `lease_until`; `lease` is drawn anew each time.
CREATE TABLE subscription (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  query_name TEXT NOT NULL,
  dest TEXT NOT NULL,
  signature_token TEXT NOT NULL,
  schedule TEXT,
  report_if_empty BOOLEAN NOT NULL,
  initial_record_time BIGINT,
  format TEXT NOT NULL,
  epc_format TEXT NOT NULL,
  cbv_format TEXT NOT NULL,
  api_key BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  batch BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  executed_at BIGINT,
  notified_at BIGINT,
  failed_at BIGINT,
  failure TEXT NOT NULL,
  lease TEXT NOT NULL,
  lease_until BIGINT NOT NULL
);
CREATE INDEX subscription_query ON subscription (organisation, query_name);
CREATE INDEX subscription_next ON subscription (next_at);

-- A stretch of the log that a receiver did not take however often it was tried. It holds numbers, not events: the log never
-- changes. `next_at` is null until somebody asks to send it again.
CREATE TABLE dead_letter (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  subscription BIGINT NOT NULL REFERENCES subscription(id),
  after_position BIGINT NOT NULL,
  upto_position BIGINT NOT NULL,
  events BIGINT NOT NULL,
  failure TEXT NOT NULL,
  died_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_at BIGINT,
  lease TEXT NOT NULL,
  lease_until BIGINT NOT NULL
);
CREATE INDEX dead_letter_subscription ON dead_letter (subscription);
CREATE INDEX dead_letter_organisation ON dead_letter (organisation, id);
CREATE INDEX dead_letter_next ON dead_letter (next_at);

-- Digests of page tokens that their holder has given up. Swept when the tokens would have expired anyway.
CREATE TABLE ended_token (
  organisation BIGINT NOT NULL,
  digest BYTEA NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (organisation, digest)
);
CREATE INDEX ended_token_expires ON ended_token (expires_at);
