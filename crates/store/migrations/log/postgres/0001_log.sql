-- The log on PostgreSQL. Bodies are stored by many writers at once, apart from the one small step that numbers them; each big
-- table's keys begin with its distribution column (owner, number, key of the identifier). Texts compare by byte (COLLATE "C"),
-- as they do on SQLite.
CREATE TABLE event_body (
    owner BIGINT NOT NULL,
    event_key BYTEA NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    hash BYTEA NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (owner, event_key)
);

CREATE TABLE log (
    seq BIGINT NOT NULL PRIMARY KEY,
    owner BIGINT NOT NULL,
    event_key BYTEA NOT NULL,
    kind BIGINT NOT NULL,
    action BIGINT NOT NULL,
    event_time BIGINT NOT NULL,
    offset_minutes BIGINT NOT NULL,
    record_time BIGINT NOT NULL,
    biz_step TEXT COLLATE "C",
    disposition TEXT COLLATE "C",
    read_point TEXT COLLATE "C",
    biz_location TEXT COLLATE "C",
    corrects TEXT COLLATE "C"
);
CREATE INDEX log_event ON log (event_key);
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

-- Every identifier an event can be found by, as the key made of it. What one group of events says of one identifier in one role
-- is one row, since a place or a kind of goods comes up in most events of a group. `seqs` is never empty and begins with `first`.
CREATE TABLE posting_run (
    key BYTEA NOT NULL,
    role BIGINT NOT NULL,
    first BIGINT NOT NULL,
    seqs BIGINT[] NOT NULL,
    PRIMARY KEY (key, role, first)
);
CREATE VIEW posting AS
    SELECT r.key, u.seq, r.role FROM posting_run r CROSS JOIN LATERAL unnest(r.seqs) AS u (seq);

-- How far each view has followed the log.
CREATE TABLE view_cursor (
    name TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL
);
