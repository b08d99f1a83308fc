-- One mail found in a bounce mailbox: kept with its raw bytes, so that each decision can be explained.
CREATE TABLE bounce (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mailbox        text NOT NULL,
  raw_sha256     bytea NOT NULL,                         -- the same mail read twice is one bounce
  raw            bytea NOT NULL,                         -- bounded by bounces.raw-bytes-max
  raw_bytes      bigint NOT NULL,                        -- size before it was bounded
  received_at    timestamptz NOT NULL,
  kind           text NOT NULL,
  folder         text NOT NULL,
  subject        text,
  sender         text,
  correlation    text NOT NULL,
  fault          text,                                   -- why it could not be read, if so
  CONSTRAINT bounce_kind CHECK (kind IN ('bounce', 'delayed', 'complaint', 'auto-reply', 'other')),
  CONSTRAINT bounce_folder CHECK (folder IN ('Processed', 'Unqualified', 'Other')),
  CONSTRAINT bounce_correlation CHECK (correlation IN ('token', 'message-id', 'unmatched')),
  CONSTRAINT bounce_once UNIQUE (mailbox, raw_sha256)
);
ALTER TABLE bounce ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE INDEX bounce_newest ON bounce (received_at DESC);

-- What a bounce says about one recipient, and what was done about it.
CREATE TABLE bounce_recipient (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bounce_id       bigint NOT NULL REFERENCES bounce ON DELETE CASCADE,
  reported        text,                                  -- the address the report names
  sent_to         text,                                  -- the address we sent to, when matched
  package_id      bigint REFERENCES work_package,
  failure_type    text NOT NULL,
  failure_reason  integer NOT NULL,
  status_code     text,                                  -- RFC 3463
  reply_code      integer,
  diagnostic      text,
  rule_id         text NOT NULL,
  rules_version   text NOT NULL,
  consequence     text NOT NULL,                         -- what was done to the address, as a sentence
  CONSTRAINT bounce_recipient_type CHECK (failure_type IN ('hard', 'soft', 'ignored', 'undefined'))
);
CREATE INDEX bounce_recipient_by_bounce ON bounce_recipient (bounce_id);
CREATE INDEX bounce_recipient_by_package ON bounce_recipient (package_id);
