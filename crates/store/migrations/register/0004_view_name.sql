-- Under which names events of an organisation speak: kind 1 an EPC, 2 a business step, 3 a disposition, 4 a read point,
-- 5 a business location. The lists of the EPCIS interface are read from it. A view of the log like the others, so all are begun anew.
CREATE TABLE view_name (
  owner BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  name BYTEA NOT NULL,
  events BIGINT NOT NULL,
  PRIMARY KEY (owner, kind, name)
);
DELETE FROM view_item;
DELETE FROM view_day;
DELETE FROM view_cursor WHERE name = 'views';
