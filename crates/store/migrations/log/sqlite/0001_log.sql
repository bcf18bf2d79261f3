-- The log on SQLite. One writer numbers the events. Bodies lie in the order of the numbers and are never touched again.
--
-- An index with random keys costs a page of the write-ahead log for nearly every entry, so no index of any size is written event
-- by event: what is new is put at the end of small tables (`…_fresh`), and moved in bulk, sorted, into the indexed ones
-- (`…_settled`). The views `log` and `posting` show both as one.
CREATE TABLE event_body (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE log_fresh (
    seq INTEGER PRIMARY KEY,
    owner INT NOT NULL,
    event_key BLOB NOT NULL,
    kind INT NOT NULL,
    action INT NOT NULL,
    event_time INT NOT NULL,
    offset_minutes INT NOT NULL,
    record_time INT NOT NULL,
    biz_step TEXT,
    disposition TEXT,
    read_point TEXT,
    biz_location TEXT,
    corrects TEXT
) STRICT;
CREATE UNIQUE INDEX log_fresh_event ON log_fresh (event_key, owner);

-- Its unique key has the event first because it also finds an event without its owner.
CREATE TABLE log_settled (
    seq INTEGER PRIMARY KEY,
    owner INT NOT NULL,
    event_key BLOB NOT NULL,
    kind INT NOT NULL,
    action INT NOT NULL,
    event_time INT NOT NULL,
    offset_minutes INT NOT NULL,
    record_time INT NOT NULL,
    biz_step TEXT,
    disposition TEXT,
    read_point TEXT,
    biz_location TEXT,
    corrects TEXT
) STRICT;
CREATE UNIQUE INDEX log_settled_event ON log_settled (event_key, owner);
CREATE INDEX log_settled_event_time ON log_settled (event_time);
CREATE INDEX log_settled_owner_time ON log_settled (owner, event_time);
CREATE INDEX log_settled_record_time ON log_settled (record_time);
CREATE INDEX log_settled_corrects ON log_settled (corrects) WHERE corrects IS NOT NULL;

CREATE VIEW log AS SELECT * FROM log_settled UNION ALL SELECT * FROM log_fresh;

-- Every identifier an event can be found by, as the key made of it.
CREATE TABLE posting_fresh (
    key BLOB NOT NULL,
    seq INT NOT NULL,
    role INT NOT NULL
) STRICT;

CREATE TABLE posting_settled (
    key BLOB NOT NULL,
    seq INT NOT NULL,
    role INT NOT NULL,
    PRIMARY KEY (key, seq, role)
) STRICT, WITHOUT ROWID;

CREATE VIEW posting AS
    SELECT key, seq, role FROM posting_settled UNION ALL SELECT key, seq, role FROM posting_fresh;

-- How far each view has followed the log.
CREATE TABLE view_cursor (
    name TEXT NOT NULL PRIMARY KEY,
    seq INT NOT NULL
) STRICT;
