-- What a fresh event is found by stands in its own row, packed: role (one byte) and key (20 bytes) of each posting. A row for each
-- of them cost as much as the rest of the event together. An event with very many has them settled at once.
INSERT OR IGNORE INTO posting_settled (key, seq, role)
    SELECT key, seq, role FROM posting_fresh ORDER BY key, seq, role;
DROP VIEW posting;
DROP TABLE posting_fresh;
DROP VIEW log;
ALTER TABLE log_fresh ADD COLUMN postings BLOB NOT NULL DEFAULT x'';

CREATE VIEW log AS
    SELECT seq, owner, event_key, kind, action, event_time, offset_minutes, record_time, biz_step, disposition, read_point,
        biz_location, corrects FROM log_settled
    UNION ALL
    SELECT seq, owner, event_key, kind, action, event_time, offset_minutes, record_time, biz_step, disposition, read_point,
        biz_location, corrects FROM log_fresh;

-- For checks only: what is asked for by key is looked up in the settled table and in the packed columns.
CREATE VIEW posting AS
    WITH RECURSIVE place (start) AS (SELECT 0 UNION ALL SELECT start + 21 FROM place WHERE start < 63 * 21)
    SELECT key, seq, role FROM posting_settled
    UNION ALL
    SELECT substr(f.postings, start + 2, 20), f.seq,
        (instr('0123456789ABCDEF', substr(hex(substr(f.postings, start + 1, 1)), 1, 1)) - 1) * 16
            + instr('0123456789ABCDEF', substr(hex(substr(f.postings, start + 1, 1)), 2, 1)) - 1
    FROM log_fresh f JOIN place ON start < length(f.postings);
