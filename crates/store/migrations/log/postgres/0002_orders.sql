-- Questions by step, by place and by time of recording come with an order of time; each is answered from one index, a page at a time.
CREATE INDEX log_step ON log (biz_step, event_time) WHERE biz_step IS NOT NULL;
CREATE INDEX log_owner_step ON log (owner, biz_step, event_time) WHERE biz_step IS NOT NULL;
CREATE INDEX log_read_point ON log (read_point, owner, event_time) WHERE read_point IS NOT NULL;
CREATE INDEX log_biz_location ON log (biz_location, owner, event_time) WHERE biz_location IS NOT NULL;
CREATE INDEX log_owner_record_time ON log (owner, record_time);
