-- What people do with work packages (spec A2, A5, E1). No column here changes per attempt, and no
-- index here holds a row of a mail that is sent without trouble, except the two people search by.
ALTER TABLE work_package
  ADD COLUMN role            text NOT NULL DEFAULT 'to', -- the recipient's place in its mail
  ADD COLUMN generation      integer NOT NULL DEFAULT 1, -- 2 and more: sent again on purpose
  ADD COLUMN again_of        bigint REFERENCES work_package,
  ADD COLUMN in_charge       text,                       -- who is told when it fails; null: the fallback
  ADD COLUMN told_state      text,                       -- the state somebody was told of
  ADD COLUMN told_at         timestamptz,
  ADD COLUMN tell_at         timestamptz,                -- business deadline: told when not accepted by then
  ADD COLUMN late_told_at    timestamptz,
  ADD COLUMN acknowledged_at timestamptz,                -- a person has seen the error
  ADD COLUMN acknowledged_by text,
  ADD CONSTRAINT work_package_role CHECK (role IN ('to', 'cc', 'bcc')),
  ADD CONSTRAINT work_package_processor CHECK (processor IN ('mail', 'digest', 'callback')),
  ADD CONSTRAINT work_package_generation CHECK ((generation > 1) = (again_of IS NOT NULL)),
  ADD CONSTRAINT work_package_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
  ADD CONSTRAINT work_package_told CHECK ((told_state IS NULL) = (told_at IS NULL)),
  -- Two people who send the same mail again at the same time make one new package, not two.
  ADD CONSTRAINT work_package_again_once UNIQUE (again_of);

CREATE INDEX work_package_by_document ON work_package (document, id) WHERE document IS NOT NULL;
CREATE INDEX work_package_created ON work_package USING brin (created_at);
CREATE INDEX work_package_untold ON work_package (id)
  WHERE state IN ('error', 'uncertain', 'expired') AND told_state IS DISTINCT FROM state;
CREATE INDEX work_package_late ON work_package (tell_at)
  WHERE tell_at IS NOT NULL AND late_told_at IS NULL AND state NOT IN ('sent', 'cancelled');

-- What happened to a package beside its attempts, by whom.
CREATE TABLE work_package_log (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  package_id     bigint NOT NULL REFERENCES work_package ON DELETE CASCADE,
  at             timestamptz NOT NULL,
  who            text NOT NULL,                          -- an operator, or the part that acted
  what           text NOT NULL,                          -- the action, one word
  text           text NOT NULL,
  CONSTRAINT work_package_log_bounded CHECK (length(who) <= 200 AND length(what) <= 40 AND length(text) <= 1000)
);
CREATE INDEX work_package_log_by_package ON work_package_log (package_id, id);

-- One intent to send one document: (tenant, document, action, recipients, version). While its event
-- is open, in error or sent, the same intent is answered, not sent again.
CREATE TABLE send_guard (
  key            bytea PRIMARY KEY,                      -- SHA-256 of the parts
  parts          jsonb NOT NULL,                         -- the same for people
  event_id       uuid NOT NULL,                          -- who sends it
  created_at     timestamptz NOT NULL,
  CONSTRAINT send_guard_sha256 CHECK (length(key) = 32)
);
CREATE INDEX send_guard_by_event ON send_guard (event_id);

-- When each person was last told, so that a flood of failures is a few mails.
CREATE TABLE error_digest (
  recipient      text PRIMARY KEY,
  told_at        timestamptz NOT NULL
);

ALTER TABLE event
  ADD COLUMN copies       jsonb,                         -- {"cc": [...], "bcc": [...]}
  ADD COLUMN in_charge    text,
  ADD COLUMN tell_after   interval,
  ADD COLUMN first_status text;                          -- what the first answer said, for its replay

-- Keeps its meaning now that an event can have several packages: the one that needs most attention
-- speaks for the event.
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
       greatest(e.changed_at, p.changed_at) AS changed_at
  FROM event e
  LEFT JOIN LATERAL
       (SELECT w.* FROM work_package w WHERE w.event_id = e.id
         ORDER BY CASE w.state WHEN 'error' THEN 1 WHEN 'uncertain' THEN 2 WHEN 'sending' THEN 3
                               WHEN 'waiting' THEN 4 WHEN 'ready' THEN 5 WHEN 'expired' THEN 6
                               WHEN 'sent' THEN 7 ELSE 8 END,
                  w.id LIMIT 1) p ON true;
