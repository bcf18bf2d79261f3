-- Who may see whose events. Three reasons stand beside the word of one's own: a thing that went from hand to hand, a rule by which
-- an organisation shows its events to another, and the oversight of an authority.

-- What an organisation shows to another of its events, until it ends the rule; no product, no place mean all.
CREATE TABLE share_rule (
  id BIGINT PRIMARY KEY,
  owner BIGINT NOT NULL REFERENCES organisation(id),
  reader BIGINT NOT NULL REFERENCES organisation(id),
  product BIGINT REFERENCES product(id),
  place BIGINT REFERENCES place(id),
  since BIGINT,
  note TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  made_by BIGINT NOT NULL REFERENCES account(id)
);
CREATE INDEX share_rule_reader ON share_rule (reader, valid_from);
CREATE INDEX share_rule_owner ON share_rule (owner, valid_from);

-- What an authority oversees; '' in sector and area mean all.
CREATE TABLE oversight (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  sector TEXT NOT NULL,
  area TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  granted_by BIGINT NOT NULL REFERENCES account(id)
);
CREATE INDEX oversight_organisation ON oversight (organisation, valid_from);

-- A view of the log: how many events of `owner` say that a thing went to `reader`, or came from it.
CREATE TABLE view_hand (
  owner BIGINT NOT NULL,
  thing TEXT NOT NULL,
  reader BIGINT NOT NULL,
  events BIGINT NOT NULL,
  PRIMARY KEY (owner, thing, reader)
);
-- A view of the log: the events that an organisation may see for that reason; `things` are how many of their things went so.
CREATE TABLE view_seen (
  reader BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  event_time BIGINT NOT NULL,
  record_time BIGINT NOT NULL,
  things BIGINT NOT NULL,
  PRIMARY KEY (reader, seq)
);
CREATE INDEX view_seen_event_time ON view_seen (reader, event_time, seq);
CREATE INDEX view_seen_record_time ON view_seen (reader, record_time, seq);
