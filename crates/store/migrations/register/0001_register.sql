-- The register: what *is*. One text for both engines (types: BIGINT, TEXT, BYTEA, BOOLEAN).
-- Times are microseconds UTC; days are ISO dates as text; identifiers are BIGINT drawn by the
-- application (milliseconds and randomness), so that nothing here depends on a sequence.
-- Codes of units, tax codes and GS1 keys are text: they have leading zeros.

CREATE TABLE account (
  id BIGINT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- An officer, reviewer, inspector or administrator; sector '' and area '' mean all.
CREATE TABLE staff_role (
  account BIGINT NOT NULL REFERENCES account(id),
  role TEXT NOT NULL,
  sector TEXT NOT NULL,
  area TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  PRIMARY KEY (account, role, sector, area, valid_from)
);

CREATE TABLE session (
  token BYTEA PRIMARY KEY,
  account BIGINT NOT NULL REFERENCES account(id),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE organisation (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  legal_name TEXT NOT NULL,
  tax_code TEXT NOT NULL,
  representative TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  commune TEXT NOT NULL,
  address_line TEXT NOT NULL,
  old_unit TEXT NOT NULL,
  sector TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  illustrative BOOLEAN NOT NULL,
  submitted_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BIGINT REFERENCES account(id),
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX organisation_tax ON organisation (tax_code);
CREATE INDEX organisation_state ON organisation (state, submitted_at);
CREATE INDEX organisation_commune ON organisation (commune);

CREATE TABLE membership (
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  account BIGINT NOT NULL REFERENCES account(id),
  role TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  PRIMARY KEY (organisation, account, valid_from)
);
CREATE INDEX membership_account ON membership (account);

CREATE TABLE api_key (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  name TEXT NOT NULL,
  secret BYTEA NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  rights TEXT NOT NULL,
  created_by BIGINT NOT NULL REFERENCES account(id),
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  used_at BIGINT
);
CREATE INDEX api_key_organisation ON api_key (organisation);

-- A place of an organisation; `code` is the establishment code (mã số định danh cơ sở).
CREATE TABLE place (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  code TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  commune TEXT NOT NULL,
  address_line TEXT NOT NULL,
  gln TEXT UNIQUE,
  area_m2 BIGINT,
  note TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX place_organisation ON place (organisation);

CREATE TABLE product (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  code TEXT NOT NULL UNIQUE,
  gtin TEXT UNIQUE,
  name TEXT NOT NULL,
  group_code TEXT NOT NULL,
  brand TEXT NOT NULL,
  no_brand BOOLEAN NOT NULL,
  unit TEXT NOT NULL,
  net_content TEXT NOT NULL,
  shelf_life_days BIGINT,
  no_expiry BOOLEAN NOT NULL,
  standards TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX product_organisation ON product (organisation);

-- Pictures and files, already checked and stripped; `subject` is what they belong to.
CREATE TABLE picture (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  subject_kind TEXT NOT NULL,
  subject BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  full_image BYTEA NOT NULL,
  thumbnail BYTEA NOT NULL,
  added_by BIGINT NOT NULL REFERENCES account(id),
  added_at BIGINT NOT NULL
);
CREATE INDEX picture_subject ON picture (subject_kind, subject, ordinal);

CREATE TABLE certificate (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  issuer TEXT NOT NULL,
  scope TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  expires_on TEXT,
  file_name TEXT NOT NULL,
  file_type TEXT NOT NULL,
  file BYTEA,
  verified_by BIGINT REFERENCES account(id),
  verified_at BIGINT,
  withdrawn_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX certificate_organisation ON certificate (organisation);
CREATE TABLE certificate_product (
  certificate BIGINT NOT NULL REFERENCES certificate(id),
  product BIGINT NOT NULL REFERENCES product(id),
  PRIMARY KEY (certificate, product)
);
CREATE INDEX certificate_product_product ON certificate_product (product);

-- A lot; `item` is its identifier in events (a GS1 Digital Link or urn:nguon:lot:…).
CREATE TABLE lot (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  product BIGINT NOT NULL REFERENCES product(id),
  place BIGINT NOT NULL REFERENCES place(id),
  name TEXT NOT NULL,
  code TEXT NOT NULL,
  trace_code TEXT NOT NULL UNIQUE,
  item TEXT NOT NULL UNIQUE,
  made_on TEXT,
  expires_on TEXT,
  opened_at BIGINT NOT NULL,
  opened_by BIGINT NOT NULL REFERENCES account(id),
  closed_at BIGINT,
  version BIGINT NOT NULL,
  UNIQUE (product, code)
);
CREATE INDEX lot_organisation ON lot (organisation, opened_at);

-- What was laid before the reviewer, each time; the record as JSON, as the buyer would see it.
CREATE TABLE submission (
  id BIGINT PRIMARY KEY,
  lot BIGINT NOT NULL REFERENCES lot(id),
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  number BIGINT NOT NULL,
  state TEXT NOT NULL,
  record TEXT NOT NULL,
  missing BIGINT NOT NULL,
  submitted_by BIGINT NOT NULL REFERENCES account(id),
  submitted_at BIGINT NOT NULL,
  decided_by BIGINT REFERENCES account(id),
  decided_at BIGINT,
  reasons TEXT NOT NULL,
  UNIQUE (lot, number)
);
CREATE INDEX submission_state ON submission (state, submitted_at);

-- What the public sees of a lot: the approved record, whole. One read answers a scan.
CREATE TABLE publication (
  lot BIGINT PRIMARY KEY REFERENCES lot(id),
  submission BIGINT NOT NULL REFERENCES submission(id),
  organisation BIGINT NOT NULL,
  product BIGINT NOT NULL,
  record TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  withdrawn_at BIGINT
);
CREATE INDEX publication_newest ON publication (published_at);
CREATE INDEX publication_product ON publication (product, published_at);
CREATE INDEX publication_organisation ON publication (organisation, published_at);

CREATE TABLE stamp_order (
  id BIGINT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  lot BIGINT NOT NULL REFERENCES lot(id),
  quantity BIGINT NOT NULL,
  layout TEXT NOT NULL,
  ordered_by BIGINT NOT NULL REFERENCES account(id),
  ordered_at BIGINT NOT NULL
);
CREATE INDEX stamp_order_lot ON stamp_order (lot);
CREATE INDEX stamp_order_organisation ON stamp_order (organisation, ordered_at);

-- One stamp; state: issued, active, void. The serial alone is the key, for ever.
CREATE TABLE stamp (
  serial TEXT PRIMARY KEY,
  lot BIGINT NOT NULL,
  stamp_order BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  state TEXT NOT NULL,
  activated_at BIGINT,
  voided_at BIGINT,
  void_reason TEXT NOT NULL,
  first_scan_at BIGINT,
  scans BIGINT NOT NULL
);
CREATE INDEX stamp_by_order ON stamp (stamp_order, ordinal);
CREATE INDEX stamp_by_lot ON stamp (lot, state);

CREATE TABLE scan (
  code TEXT NOT NULL,
  id BIGINT NOT NULL,
  lot BIGINT,
  verdict TEXT NOT NULL,
  scanned_at BIGINT NOT NULL,
  PRIMARY KEY (code, id)
);
CREATE TABLE scan_day (
  lot BIGINT NOT NULL,
  day TEXT NOT NULL,
  scans BIGINT NOT NULL,
  PRIMARY KEY (lot, day)
);
CREATE INDEX scan_day_day ON scan_day (day);

-- A doubt that somebody reported; `code` is given to the reporter to follow it by.
CREATE TABLE doubt (
  id BIGINT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  link TEXT NOT NULL,
  lot BIGINT,
  message TEXT NOT NULL,
  contact TEXT NOT NULL,
  state TEXT NOT NULL,
  reported_at BIGINT NOT NULL
);
CREATE INDEX doubt_state ON doubt (state, reported_at);
CREATE TABLE doubt_note (
  doubt BIGINT NOT NULL REFERENCES doubt(id),
  id BIGINT NOT NULL,
  state TEXT NOT NULL,
  note TEXT NOT NULL,
  written_by BIGINT REFERENCES account(id),
  written_at BIGINT NOT NULL,
  PRIMARY KEY (doubt, id)
);

CREATE TABLE capture_job (
  id TEXT PRIMARY KEY,
  organisation BIGINT NOT NULL REFERENCES organisation(id),
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  success BOOLEAN NOT NULL,
  error_behaviour TEXT NOT NULL,
  events BIGINT NOT NULL,
  duplicates BIGINT NOT NULL,
  errors TEXT NOT NULL
);
CREATE INDEX capture_job_organisation ON capture_job (organisation, created_at);

-- Who changed what of the register, when, from what to what, and for whom.
CREATE TABLE audit (
  subject_kind TEXT NOT NULL,
  subject BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor BIGINT NOT NULL,
  organisation BIGINT,
  action TEXT NOT NULL,
  before_state TEXT NOT NULL,
  after_state TEXT NOT NULL,
  PRIMARY KEY (subject_kind, subject, id)
);
CREATE INDEX audit_actor ON audit (actor, at);
CREATE INDEX audit_organisation ON audit (organisation, at);

-- A form sent twice is done once: `token` is drawn when the page is made.
CREATE TABLE form_once (
  token TEXT PRIMARY KEY,
  result TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- Search: one row a folded word of a public thing; a prefix is a range of the key.
CREATE TABLE search_word (
  word TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject BIGINT NOT NULL,
  weight BIGINT NOT NULL,
  PRIMARY KEY (word, kind, subject)
);
CREATE INDEX search_word_subject ON search_word (kind, subject);

-- Views of the log (thrown away and built again by `nguon rebuild`).
CREATE TABLE view_item (
  item TEXT PRIMARY KEY,
  events BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  last_step TEXT NOT NULL,
  last_time BIGINT NOT NULL,
  first_time BIGINT NOT NULL
);
CREATE TABLE view_day (
  day TEXT NOT NULL,
  step TEXT NOT NULL,
  events BIGINT NOT NULL,
  PRIMARY KEY (day, step)
);
