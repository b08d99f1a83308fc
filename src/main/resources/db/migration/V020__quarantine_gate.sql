-- What the rules of the gate count (spec B10; rules/exclusions.rules.yaml), and who unsubscribed.
-- Mails of messages that no rule names write nothing here.

-- A mail that passed a rule that counts. A cap counts who passed and is still on the way by the
-- attempt; a limit counts each mail once, however often it is attempted.
CREATE TABLE gate_pass (
  package_id bigint NOT NULL REFERENCES work_package ON DELETE CASCADE,
  rule       text NOT NULL,                    -- the id of the limit; '' for caps and duplicates
  attempt_id bigint NOT NULL,                  -- that passed
  PRIMARY KEY (package_id, rule)
);

-- What a limit has let through.
CREATE TABLE gate_count (
  rule  text NOT NULL,
  day   date NOT NULL,                         -- in the time zone of the rule
  taken integer NOT NULL CHECK (taken > 0),
  PRIMARY KEY (rule, day)
);

-- The denylist of one category (RFC 8058): other mails to the address go on.
CREATE TABLE unsubscription (
  address  text NOT NULL CHECK (address = lower(address)),
  category text NOT NULL CHECK (length(category) BETWEEN 1 AND 64),
  at       timestamptz NOT NULL,
  how      text NOT NULL CHECK (how IN ('one-click', 'page', 'operator')),
  event_id uuid,                               -- whose mail carried the link
  PRIMARY KEY (address, category)
);
CREATE INDEX unsubscription_newest ON unsubscription (category, at DESC);

-- The category a mail can be unsubscribed from, as its message said when the mail was made.
ALTER TABLE work_package ADD COLUMN category text;

-- The ERP is told.
ALTER TABLE callback DROP CONSTRAINT callback_fact;
ALTER TABLE callback ADD CONSTRAINT callback_fact CHECK (fact IN ('error', 'expired', 'cancelled',
  'uncertain', 'bounced', 'late', 'recovered', 'sent', 'quarantined', 'denylisted', 'allowlisted',
  'released', 'unsubscribed', 'subscribed'));
