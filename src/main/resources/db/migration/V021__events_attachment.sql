-- The files of events: their bytes are stored once, however many events carry them (spec B14), and
-- go with the last event that still needs them.

CREATE TABLE attachment (
  sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
  bytes  bytea NOT NULL
);
ALTER TABLE attachment ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Which event needs which bytes, until its mail is made.
CREATE TABLE event_attachment (
  event_id uuid NOT NULL REFERENCES event ON DELETE CASCADE,
  position smallint NOT NULL,                  -- 0: the file of its document; from 1: those beside it
  sha256   bytea NOT NULL REFERENCES attachment,
  PRIMARY KEY (event_id, position)
);
CREATE INDEX event_attachment_of ON event_attachment (sha256);

-- Name, type and hash of the files beside the document; kept as long as the event. The column
-- attachment holds the bytes of documents taken in before, and is only read.
ALTER TABLE event ADD COLUMN attachments jsonb;
