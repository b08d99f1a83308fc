-- One row per kind of failure text (spec B7): what the rules said, or what a person decided instead.
CREATE TABLE qualification (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_sha256      bytea NOT NULL,                        -- of what all texts of the kind share
  text            text NOT NULL,                         -- normalised, of the first
  first_text      text NOT NULL,                         -- the first of its kind, as it was said
  occurrences     integer NOT NULL,
  status          text NOT NULL,
  failure_type    text NOT NULL,
  failure_reason  integer NOT NULL,
  rule_id         text,                                  -- the rule that said so last; null: a person
  first_seen_at   timestamptz NOT NULL,
  last_seen_at    timestamptz NOT NULL,
  decided_by      text,
  decided_at      timestamptz,
  CONSTRAINT qualification_once UNIQUE (key_sha256),
  CONSTRAINT qualification_status CHECK (status IN ('to-qualify', 'keep', 'ignore')),
  CONSTRAINT qualification_occurrences CHECK (occurrences BETWEEN 0 AND 100000),
  CONSTRAINT qualification_type CHECK (failure_type IN ('hard', 'soft', 'ignored', 'undefined')),
  CONSTRAINT qualification_decided CHECK ((status = 'to-qualify') = (decided_by IS NULL))
);

-- The bytes of a bounce are dropped when their time is over; the decision stays longer.
ALTER TABLE bounce ALTER COLUMN raw DROP NOT NULL;

-- Believed although nothing proves it, while bounces.trust is unsigned.
ALTER TABLE bounce DROP CONSTRAINT bounce_correlation;
ALTER TABLE bounce ADD CONSTRAINT bounce_correlation
  CHECK (correlation IN ('token', 'message-id', 'unsigned', 'unmatched'));
