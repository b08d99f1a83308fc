-- Addresses quarantined lately, by domain and kind of text: what the outage guard looks at.
CREATE TABLE quarantine_hit (
  domain      text NOT NULL,
  key_sha256  bytea NOT NULL,                            -- kind of failure text, see qualification
  address     text NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (domain, key_sha256, address)
);

-- Too many addresses of a domain failed with one text: decisions are held until a person decides.
CREATE TABLE outage (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  domain      text NOT NULL,
  key_sha256  bytea NOT NULL,
  text        text NOT NULL,                             -- normalised
  because     text NOT NULL,
  opened_at   timestamptz NOT NULL,
  window_from timestamptz NOT NULL,                      -- what was quarantined since may be taken back
  state       text NOT NULL,
  decided_by  text,
  decided_at  timestamptz,
  CONSTRAINT outage_state CHECK (state IN ('open', 'quarantined', 'released')),
  CONSTRAINT outage_decided CHECK ((state = 'open') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX outage_open ON outage (domain, key_sha256) WHERE state = 'open';
CREATE INDEX outage_by_kind ON outage (domain, key_sha256, decided_at);

-- A decision held: the address stays open meanwhile.
CREATE TABLE held_decision (
  outage_id       bigint NOT NULL REFERENCES outage ON DELETE CASCADE,
  address         text NOT NULL,
  at              timestamptz NOT NULL,
  failure_type    text NOT NULL,
  failure_reason  integer NOT NULL,
  failure_text    text NOT NULL,
  rule_id         text NOT NULL,
  cause           text NOT NULL,
  reference       text,
  PRIMARY KEY (outage_id, address)
);

-- How many addresses of a domain were written to lately.
CREATE INDEX work_package_by_domain ON work_package (domain, created_at);
