-- The log on SQLite. One writer numbers the events, so the number is the row's own key: following the log reads the table from
-- front to back. The unique key has the event id first because it also finds an event without its owner.
CREATE TABLE log (
    seq INTEGER PRIMARY KEY,
    owner INT NOT NULL,
    event_id TEXT NOT NULL,
    kind INT NOT NULL,
    action INT NOT NULL,
    event_time INT NOT NULL,
    offset_minutes INT NOT NULL,
    record_time INT NOT NULL,
    biz_step TEXT,
    disposition TEXT,
    read_point TEXT,
    biz_location TEXT,
    corrects TEXT,
    hash BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX log_event ON log (event_id, owner);
CREATE INDEX log_event_time ON log (event_time);
CREATE INDEX log_owner_time ON log (owner, event_time);
CREATE INDEX log_record_time ON log (record_time);
CREATE INDEX log_corrects ON log (corrects) WHERE corrects IS NOT NULL;

-- Every identifier an event can be found by.
CREATE TABLE posting (
    id TEXT NOT NULL,
    role INT NOT NULL,
    seq INT NOT NULL,
    PRIMARY KEY (id, role, seq)
) STRICT, WITHOUT ROWID;

-- How far each view has followed the log.
CREATE TABLE view_cursor (
    name TEXT NOT NULL PRIMARY KEY,
    seq INT NOT NULL
) STRICT;
