-- One row per address that is not simply valid. A missing row means: valid.
CREATE TABLE address (
  address                text PRIMARY KEY,               -- normalised, lower case
  domain                 text NOT NULL,
  state                  text NOT NULL,
  errors                 integer NOT NULL DEFAULT 0,     -- significant soft errors (spec B4)
  reason                 integer,                        -- reason code of the last failure (spec B1)
  failure_text           text,
  rule_id                text,
  last_error_at          timestamptz,
  last_significant_at    timestamptz,
  changed_at             timestamptz NOT NULL,
  CONSTRAINT address_state CHECK
    (state IN ('valid', 'with_errors', 'quarantined', 'denylisted', 'allowlisted')),
  CONSTRAINT address_normalised CHECK (address = lower(address)),
  CONSTRAINT address_errors_not_negative CHECK (errors >= 0)
);
CREATE INDEX address_by_domain ON address (domain, state);

-- Every change of an address, so that each can be explained and undone.
CREATE TABLE address_history (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  address        text NOT NULL,
  at             timestamptz NOT NULL,
  state_before   text,                                   -- null: no row before
  state_after    text NOT NULL,
  errors_before  integer NOT NULL,
  errors_after   integer NOT NULL,
  reason         integer,
  failure_text   text,
  rule_id        text,
  cause          text NOT NULL,                          -- smtp-reply | bounce | complaint | sent | clean-up | operator
  reference      text                                    -- the attempt or bounce that caused it
);
CREATE INDEX address_history_by_address ON address_history (address, id);
