-- Values from other databases (spec C2), kept with the event: what its mail said can be explained,
-- and a second try renders the same.
ALTER TABLE event ADD COLUMN enriched jsonb;           -- by the id of each enrichment
ALTER TABLE event ADD COLUMN enriched_by integer;      -- the version of the message that asked for them
ALTER TABLE event ADD COLUMN waiting_since timestamptz; -- first look that found nothing, while it waits
ALTER TABLE event ADD CONSTRAINT event_enriched_by CHECK ((enriched IS NULL) = (enriched_by IS NULL));

-- The recipient of a profile event is not known until it was asked for.
ALTER TABLE event ALTER COLUMN email DROP NOT NULL;
ALTER TABLE event ALTER COLUMN email_key DROP NOT NULL;
ALTER TABLE event ADD CONSTRAINT event_recipient CHECK ((email IS NULL) = (email_key IS NULL));
ALTER TABLE event ADD CONSTRAINT event_recipient_known
  CHECK (email IS NOT NULL OR status NOT IN ('processing', 'ignored'));
