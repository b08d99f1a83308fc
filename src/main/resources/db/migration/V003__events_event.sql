-- One received event (spec C4). What its work package became is read from work_package.
CREATE TABLE event (
  id              uuid PRIMARY KEY,                      -- the pkey
  event_type      text NOT NULL,
  email           text NOT NULL,
  email_key       text NOT NULL,
  payload         jsonb NOT NULL,                        -- ctx
  document        jsonb,                                 -- document without its attachment bytes
  document_id     text,
  attachment      bytea,
  idempotency_key text,
  request_hash    bytea NOT NULL,                        -- SHA-256 of the body, to tell a replay from a conflict
  scheduled_at    timestamptz,
  expires_at      timestamptz,
  status          text NOT NULL,
  reason          integer,                               -- why ignored (7 to 17)
  fault           text,                                  -- what stands in the way, for a person
  tries           integer NOT NULL DEFAULT 0,
  due_at          timestamptz,                           -- when to process next; null when done
  received_at     timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  CONSTRAINT event_status CHECK (status IN
    ('pending', 'processing', 'paused', 'ignored', 'routingFailed', 'tooOld', 'targetingFailed')),
  CONSTRAINT event_due_while_pending CHECK ((status = 'pending') = (due_at IS NOT NULL)),
  CONSTRAINT event_idempotent UNIQUE (event_type, idempotency_key)
);
ALTER TABLE event ALTER COLUMN attachment SET STORAGE EXTERNAL;
CREATE INDEX event_due ON event (due_at) WHERE status = 'pending';
CREATE INDEX event_newest ON event (received_at DESC);

-- The status the outside sees: 'processing' becomes what its work package became.
CREATE VIEW event_status AS
SELECT e.id, e.event_type, e.email, e.document_id, e.received_at, e.scheduled_at, e.expires_at,
       CASE WHEN e.status <> 'processing' THEN e.status
            WHEN p.state = 'sent' THEN 'processed'
            WHEN p.state = 'error' THEN 'deliveryFailed'
            WHEN p.state = 'expired' THEN 'tooOld'
            WHEN p.state = 'cancelled' THEN 'ignored'
            ELSE 'processing'
       END AS status,
       coalesce(e.reason, p.failure_reason) AS reason,
       coalesce(e.fault, p.failure_text) AS fault,
       p.id AS package_id,
       p.state AS package_state,
       p.attempts,
       p.due_at AS next_attempt_at,
       greatest(e.changed_at, p.changed_at) AS changed_at
  FROM event e LEFT JOIN work_package p ON p.event_id = e.id;
