-- What was sent to a domain and how much of it was refused, by slots of five minutes. Each sidecar
-- adds once a second, so that no row is hot.
CREATE TABLE domain_traffic (
  domain      text NOT NULL,
  slot        timestamptz NOT NULL,                      -- begin of the five minutes
  messages    bigint NOT NULL,
  errors      bigint NOT NULL,
  PRIMARY KEY (domain, slot),
  CONSTRAINT domain_traffic_counts CHECK (errors >= 0 AND errors <= messages)
) WITH (fillfactor = 70);
CREATE INDEX domain_traffic_by_slot ON domain_traffic (slot);

-- Domains nothing, or only little, is sent to at the moment. docs/delivery.md draws the steps.
CREATE TABLE domain_suspension (
  domain      text PRIMARY KEY,
  since       timestamptz NOT NULL,
  until       timestamptz NOT NULL,
  because     text NOT NULL,
  decided_by  text NOT NULL,                             -- 'traffic', or a person
  step        integer NOT NULL,                          -- 0: suspended; n: step n of the way up
  step_at     timestamptz,                               -- begin of the step
  granted     integer NOT NULL DEFAULT 0,                -- mails let through in this step
  accepted    integer NOT NULL DEFAULT 0,
  refused     integer NOT NULL DEFAULT 0,
  CONSTRAINT domain_suspension_step CHECK (step >= 0 AND (step = 0) = (step_at IS NULL))
);

-- When sending to a domain paused and went on, and who decided.
CREATE TABLE domain_history (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  domain      text NOT NULL,
  at          timestamptz NOT NULL,
  what        text NOT NULL,
  because     text NOT NULL,
  decided_by  text NOT NULL,
  CONSTRAINT domain_history_what CHECK (what IN ('suspended', 'resumed', 'recovered'))
);
CREATE INDEX domain_history_by_domain ON domain_history (domain, id);

-- Connections each sidecar holds to a mail exchanger or to the hosts of one rule. A row of a sidecar
-- that died counts until its lease is over.
CREATE TABLE mx_share (
  counted_as  text NOT NULL,
  owner       text NOT NULL,
  connections integer NOT NULL,
  until       timestamptz NOT NULL,
  PRIMARY KEY (counted_as, owner),
  CONSTRAINT mx_share_connections CHECK (connections >= 0)
) WITH (fillfactor = 70);

-- Messages taken from a slot of five minutes, in portions.
CREATE TABLE mx_slot (
  counted_as  text NOT NULL,
  slot        timestamptz NOT NULL,
  taken       integer NOT NULL,
  PRIMARY KEY (counted_as, slot)
) WITH (fillfactor = 70);
CREATE INDEX mx_slot_by_slot ON mx_slot (slot);
