-- What an event asks for instead of its redelivery policy: {"preset", "attempts", "spacing", "duration"}.
ALTER TABLE event ADD COLUMN redelivery jsonb;
ALTER TABLE work_package ADD COLUMN redelivery jsonb;

-- Attempts that met a paused mailbox or a database that was away: made, but not counted by the policy.
ALTER TABLE work_package ADD COLUMN unspent integer NOT NULL DEFAULT 0;
ALTER TABLE work_package ADD CONSTRAINT work_package_unspent CHECK (unspent BETWEEN 0 AND attempts);
