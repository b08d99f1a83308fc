-- The rendered bytes of a mail: written once, never rendered again, shared by all its attempts.
CREATE TABLE mail_content (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id     text NOT NULL,                          -- RFC 5322 Message-ID, with angle brackets
  subject        text NOT NULL,
  raw            bytea NOT NULL,                         -- RFC 5322, CRLF line ends
  created_at     timestamptz NOT NULL
);
ALTER TABLE mail_content ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX mail_content_by_message_id ON mail_content (message_id);

-- One mail to one recipient. docs/states.md draws the states.
CREATE TABLE work_package (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  processor      text NOT NULL,                          -- 'mail'
  priority       smallint NOT NULL DEFAULT 5,
  state          text NOT NULL,
  recipient      text NOT NULL,                          -- as given
  recipient_key  text NOT NULL,                          -- normalised, see address.address
  domain         text NOT NULL,
  content_id     bigint NOT NULL REFERENCES mail_content,
  event_id       uuid,                                   -- the event it came from
  message        text NOT NULL,                          -- EVT…
  document       text,                                   -- document reference of the ERP
  on_uncertain   text NOT NULL DEFAULT 'hold',
  attempts       integer NOT NULL DEFAULT 0,
  due_at         timestamptz,                            -- next attempt; null when nothing is due
  expires_at     timestamptz NOT NULL,                   -- end of validity
  lease_owner    text,
  lease_until    timestamptz,
  attempt_id     bigint,                                 -- the attempt in progress or the last one
  failure_type   text,
  failure_reason integer,
  failure_text   text,
  failure_rule   text,
  created_at     timestamptz NOT NULL,
  changed_at     timestamptz NOT NULL,
  CONSTRAINT work_package_state CHECK (state IN
    ('ready', 'sending', 'waiting', 'sent', 'error', 'uncertain', 'expired', 'cancelled')),
  CONSTRAINT work_package_priority CHECK (priority IN (1, 3, 5, 7, 9)),
  CONSTRAINT work_package_on_uncertain CHECK (on_uncertain IN ('hold', 'resend')),
  CONSTRAINT work_package_leased_while_sending CHECK
    ((state = 'sending') = (lease_owner IS NOT NULL AND lease_until IS NOT NULL)),
  CONSTRAINT work_package_due_while_queued CHECK
    ((state IN ('ready', 'waiting')) = (due_at IS NOT NULL)),
  CONSTRAINT work_package_failure_type CHECK
    (failure_type IN ('hard', 'soft', 'ignored', 'undefined'))
);
-- Only what is queued is in the index the claim walks, so a million settled rows cost it nothing.
CREATE INDEX work_package_due ON work_package (due_at) WHERE state IN ('ready', 'waiting');
CREATE INDEX work_package_leased ON work_package (lease_until) WHERE state = 'sending';
CREATE INDEX work_package_by_event ON work_package (event_id);
CREATE INDEX work_package_by_content ON work_package (content_id);
CREATE INDEX work_package_by_recipient ON work_package (recipient_key, id);

-- One row per try, committed before a socket opens.
CREATE TABLE attempt (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  package_id     bigint NOT NULL REFERENCES work_package,
  number         integer NOT NULL,
  owner          text NOT NULL,                          -- the sidecar that made it
  phase          text NOT NULL,
  started_at     timestamptz NOT NULL,
  body_sent_at   timestamptz,                            -- committed before the final dot
  ended_at       timestamptz,
  reply          text,                                   -- the server's last line, or the fault
  CONSTRAINT attempt_phase CHECK (phase IN ('claimed', 'body_sent', 'accepted', 'refused', 'failed', 'lost', 'uncertain')),
  CONSTRAINT attempt_body_sent CHECK (phase NOT IN ('body_sent', 'accepted', 'uncertain') OR body_sent_at IS NOT NULL)
);
CREATE INDEX attempt_by_package ON attempt (package_id, number);

-- Keys that sign envelope senders. The newest signs; older ones still verify until they are removed.
CREATE TABLE signing_key (
  id             smallint PRIMARY KEY,
  secret         bytea NOT NULL,
  created_at     timestamptz NOT NULL,
  CONSTRAINT signing_key_long_enough CHECK (length(secret) >= 32)
);
