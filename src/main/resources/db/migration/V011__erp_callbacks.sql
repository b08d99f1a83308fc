-- The ERP is told (issue 4): a callback is a work package without a mail. What it tells is written in
-- the transaction of the change it reports, and never changes afterwards.
ALTER TABLE work_package ALTER COLUMN content_id DROP NOT NULL;
ALTER TABLE work_package ADD CONSTRAINT work_package_content
  CHECK ((content_id IS NULL) = (processor = 'callback'));

CREATE TABLE callback (
  package_id     bigint PRIMARY KEY REFERENCES work_package,  -- the callback in the queue
  fact_id        uuid NOT NULL,                          -- webhook-id: the same however often it is told
  fact           text NOT NULL,
  at             timestamptz NOT NULL,
  topic          text NOT NULL,                          -- facts of one topic are told in their order
  about          bigint REFERENCES work_package,         -- the mail; null: an address no mail of ours was matched to
  tenant         text,
  event_id       uuid,
  message        text,                                   -- EVT…
  document       text,
  recipient      text NOT NULL,
  role           text,
  generation     integer,
  attempts       integer,
  state          text,                                   -- of the mail at that time
  failure_type   text,
  failure_reason integer,
  failure_text   text,
  CONSTRAINT callback_fact CHECK (fact IN ('error', 'expired', 'cancelled', 'uncertain', 'bounced',
    'late', 'recovered', 'sent', 'quarantined'))
);
CREATE INDEX callback_by_topic ON callback (topic, package_id);
CREATE INDEX callback_by_about ON callback (about) WHERE about IS NOT NULL;
