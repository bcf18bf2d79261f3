-- Questions by step come with an order of time; each is answered from one index, a page at a time.
CREATE INDEX log_step ON log (biz_step, event_time) WHERE biz_step IS NOT NULL;
CREATE INDEX log_owner_step ON log (owner, biz_step, event_time) WHERE biz_step IS NOT NULL;
