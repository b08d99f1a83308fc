-- What waits for a paused mailbox or a suspended domain stands aside from what can go, so that
-- however much of it there is, no claim has to pass it.
ALTER TABLE work_package_open ADD COLUMN held text;
COMMENT ON COLUMN work_package_open.held IS
  'What it waits for, ''mailbox …'' or ''domain …''; with a + in front as long as its package does not say so. Null: for its time only.';
ALTER TABLE work_package_open ADD CONSTRAINT work_package_open_held_mail
  CHECK (held IS NULL OR (lane = 'mail' AND due_at IS NOT NULL));

DROP INDEX work_package_open_due;
CREATE INDEX work_package_open_due ON work_package_open (lane, due_at)
  WHERE due_at IS NOT NULL AND held IS NULL;
CREATE INDEX work_package_open_held ON work_package_open (held, due_at) WHERE held IS NOT NULL;

-- Another recipient may go another way.
CREATE FUNCTION work_package_readdressed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE work_package_open SET held = NULL WHERE package_id = NEW.id AND held IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER work_package_readdressed AFTER UPDATE OF domain ON work_package FOR EACH ROW
  WHEN (NEW.domain <> OLD.domain)
  EXECUTE FUNCTION work_package_readdressed();
