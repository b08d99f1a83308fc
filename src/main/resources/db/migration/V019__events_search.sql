-- People and ERPs look for events: by type, recipient, document and time, newest first.
CREATE INDEX event_of_type ON event (event_type, received_at DESC, id DESC);
CREATE INDEX event_of_address ON event (email_key, received_at DESC);
CREATE INDEX event_of_document ON event (document_id) WHERE document_id IS NOT NULL;
DROP INDEX event_newest;
CREATE INDEX event_newest ON event (received_at DESC, id DESC);

-- The same, with what tells when a waiting event goes on and what its mail was made of.
CREATE OR REPLACE VIEW event_status AS
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
       greatest(e.changed_at, p.changed_at) AS changed_at,
       e.due_at,
       e.version
  FROM event e
  LEFT JOIN LATERAL
       (SELECT w.* FROM work_package w WHERE w.event_id = e.id
         ORDER BY CASE w.state WHEN 'error' THEN 1 WHEN 'uncertain' THEN 2 WHEN 'sending' THEN 3
                               WHEN 'waiting' THEN 4 WHEN 'ready' THEN 5 WHEN 'expired' THEN 6
                               WHEN 'sent' THEN 7 ELSE 8 END,
                  w.id LIMIT 1) p ON true;
