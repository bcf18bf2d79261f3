-- Sight, drawn more narrowly: hands are a set, and what an event named is kept as it was understood when it came.

-- A view of the log: the things that `owner` says went to `reader` or came from it, with what lay in them at the time.
DROP TABLE view_hand;
CREATE TABLE view_hand (
  owner BIGINT NOT NULL,
  thing TEXT NOT NULL,
  reader BIGINT NOT NULL,
  PRIMARY KEY (owner, thing, reader)
);
DELETE FROM view_seen;
DELETE FROM view_cursor WHERE name = 'sight';
-- Who saw an event that is now declared to be in error.
CREATE INDEX view_seen_seq ON view_seen (seq);

-- Whom an event of the log names as source or destination, as the register said when the event was taken in; 0 is somebody who is
-- not in it. No view: a place that gets a number later does not change what an event meant. The cursor `sight_parties` says how
-- far it goes.
CREATE TABLE event_party (
  seq BIGINT NOT NULL,
  organisation BIGINT NOT NULL,
  PRIMARY KEY (seq, organisation)
);

-- When an officer found that the GLN of a place is that organisation's. Until then the number opens nothing to it.
ALTER TABLE place ADD COLUMN gln_checked_at BIGINT;
-- The invented organisations of the demonstration have invented numbers that nobody else holds.
UPDATE place SET gln_checked_at = valid_from
  WHERE gln IS NOT NULL AND organisation IN (SELECT id FROM organisation WHERE illustrative);

-- The same rule of sharing stands once.
UPDATE share_rule SET valid_to = valid_from WHERE valid_to IS NULL AND EXISTS (
  SELECT 1 FROM share_rule older WHERE older.id < share_rule.id AND older.valid_to IS NULL
    AND older.owner = share_rule.owner AND older.reader = share_rule.reader
    AND COALESCE(older.product, 0) = COALESCE(share_rule.product, 0)
    AND COALESCE(older.place, 0) = COALESCE(share_rule.place, 0)
    AND COALESCE(older.since, 0) = COALESCE(share_rule.since, 0));
CREATE UNIQUE INDEX share_rule_standing
  ON share_rule (owner, reader, COALESCE(product, 0), COALESCE(place, 0), COALESCE(since, 0)) WHERE valid_to IS NULL;
