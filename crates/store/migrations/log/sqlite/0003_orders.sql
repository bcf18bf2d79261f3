-- Questions by step, by place and by time of recording come with an order of time; each is answered from one index, a page at a time.
CREATE INDEX log_settled_step ON log_settled (biz_step, event_time) WHERE biz_step IS NOT NULL;
CREATE INDEX log_settled_owner_step ON log_settled (owner, biz_step, event_time) WHERE biz_step IS NOT NULL;
CREATE INDEX log_settled_read_point ON log_settled (read_point, owner, event_time) WHERE read_point IS NOT NULL;
CREATE INDEX log_settled_biz_location ON log_settled (biz_location, owner, event_time) WHERE biz_location IS NOT NULL;
CREATE INDEX log_settled_owner_record_time ON log_settled (owner, record_time);
