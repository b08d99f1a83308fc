-- The life cycle of messages (spec C5): what is in force, every version there was, who did what.

-- One message. Not yet published: no row, or 'draft'. 'paused' keeps its version in force.
CREATE TABLE message (
  id         text PRIMARY KEY CHECK (id ~ '^EVT[A-Za-z0-9_-]{1,61}$'),
  state      text NOT NULL,
  version    integer,                          -- in force
  newest     integer NOT NULL DEFAULT 0,       -- the highest number ever given; 0: never published
  because    text NOT NULL DEFAULT '',
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  revision   bigint NOT NULL DEFAULT 0,        -- counts every change, so that others notice them
  CONSTRAINT message_state CHECK (state IN ('draft', 'published', 'paused', 'deleted')),
  CONSTRAINT message_in_force CHECK ((state IN ('published', 'paused')) = (version IS NOT NULL)),
  CONSTRAINT message_version_given CHECK (version IS NULL OR version BETWEEN 1 AND newest)
);

-- The files of a version, never changed; the same files published twice are one row.
CREATE TABLE message_content (
  digest   bytea PRIMARY KEY CHECK (length(digest) = 32),  -- SHA-256 of archive
  archive  bytea NOT NULL,                                 -- the files as their author wrote them (zip)
  compiled bytea NOT NULL                                  -- the HTML that MJML became (zip)
);

CREATE TABLE message_version (
  message      text NOT NULL REFERENCES message,
  number       integer NOT NULL CHECK (number > 0),
  digest       bytea NOT NULL REFERENCES message_content,
  published_at timestamptz NOT NULL,
  published_by text NOT NULL,
  because      text NOT NULL DEFAULT '',
  PRIMARY KEY (message, number)
);

CREATE TABLE message_log (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message text NOT NULL,
  at      timestamptz NOT NULL,
  who     text NOT NULL,
  what    text NOT NULL CHECK (what IN ('published', 'paused', 'resumed', 'unpublished',
                                        'rolled back', 'deleted', 'proof')),
  version integer,
  because text NOT NULL DEFAULT '' CHECK (length(because) <= 1000)
);
CREATE INDEX message_log_of ON message_log (message, id DESC);

-- Which version an event's mail was rendered by.
ALTER TABLE event ADD COLUMN version integer;

-- A paused event waits, too: until it is too old.
ALTER TABLE event DROP CONSTRAINT event_due_while_pending;
ALTER TABLE event ADD CONSTRAINT event_due_while_waiting
  CHECK ((status IN ('pending', 'paused')) = (due_at IS NOT NULL));
-- Both empty in normal work.
CREATE INDEX event_paused ON event (due_at) WHERE status = 'paused';
CREATE INDEX event_paused_of_type ON event (event_type, due_at) WHERE status = 'paused';

-- Events that were refused because their message takes none (spec C11.4): nothing without a trace.
CREATE TABLE event_refusal (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at              timestamptz NOT NULL,
  event_type      text NOT NULL,
  email_key       text,
  document_id     text,
  idempotency_key text,
  answer          integer NOT NULL,
  text            text NOT NULL
);
CREATE INDEX event_refusal_of_type ON event_refusal (event_type, at DESC);
