-- The log on PostgreSQL. Bodies are stored by many writers at once, apart from the one small step that numbers them; each big
-- table's keys begin with its distribution column (owner, number, identifier). Identifiers compare
-- by byte (COLLATE "C"), as they do on SQLite.
CREATE TABLE event_body (
    owner BIGINT NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (owner, event_id)
);

CREATE TABLE log (
    seq BIGINT NOT NULL PRIMARY KEY,
    owner BIGINT NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    kind BIGINT NOT NULL,
    action BIGINT NOT NULL,
    event_time BIGINT NOT NULL,
    offset_minutes BIGINT NOT NULL,
    record_time BIGINT NOT NULL,
    biz_step TEXT,
    disposition TEXT,
    read_point TEXT,
    biz_location TEXT,
    corrects TEXT
);
CREATE INDEX log_event ON log (event_id);
CREATE INDEX log_event_time ON log (event_time, seq);
CREATE INDEX log_owner_time ON log (owner, event_time);
CREATE INDEX log_record_time ON log (record_time, seq);
CREATE INDEX log_corrects ON log (corrects) WHERE corrects IS NOT NULL;

-- The last number given. Its row lock is held from numbering to commit, so that numbers become visible in order.
CREATE TABLE log_head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL
) WITH (fillfactor = 10);
INSERT INTO log_head (one, seq) VALUES (1, 0);

-- Every identifier an event can be found by.
CREATE TABLE posting (
    id TEXT COLLATE "C" NOT NULL,
    role BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (id, role, seq)
);

-- How far each view has followed the log.
CREATE TABLE view_cursor (
    name TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
