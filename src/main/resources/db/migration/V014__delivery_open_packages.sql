-- Sending a mail changes no indexed column of work_package: each of its versions stays on its page (a
-- heap-only tuple), no index grows, and autovacuum has little to do. What is due, and what is being
-- sent, is looked up in a narrow table of its own, which the triggers below keep.

-- Both are rewritten below or are young: room for the versions an attempt makes.
ALTER TABLE work_package SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05,
                              autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE attempt SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05,
                         autovacuum_analyze_scale_factor = 0.05);

-- Null on the way of a mail that is sent without trouble, before and after each of its changes.
ALTER TABLE work_package
  ADD COLUMN first_attempt_at timestamptz,
  ADD COLUMN failed_at timestamptz GENERATED ALWAYS AS
    (CASE WHEN state = 'error' THEN changed_at END) STORED,
  ADD COLUMN uncertain_at timestamptz GENERATED ALWAYS AS
    (CASE WHEN state = 'uncertain' THEN changed_at END) STORED,
  ADD COLUMN untold boolean GENERATED ALWAYS AS
    (state IN ('error', 'uncertain', 'expired') AND told_state IS DISTINCT FROM state) STORED,
  ADD COLUMN late_at timestamptz GENERATED ALWAYS AS
    (CASE WHEN late_told_at IS NULL AND state NOT IN ('sent', 'cancelled') THEN tell_at END) STORED;
UPDATE work_package p SET first_attempt_at =
  (SELECT min(a.started_at) FROM attempt a WHERE a.package_id = p.id) WHERE attempts > 0;

DROP INDEX work_package_due, work_package_leased, work_package_attention, work_package_untold,
           work_package_late;
CREATE INDEX work_package_failed ON work_package (failed_at) WHERE failed_at IS NOT NULL;
CREATE INDEX work_package_uncertain ON work_package (uncertain_at) WHERE uncertain_at IS NOT NULL;
CREATE INDEX work_package_untold ON work_package (id) WHERE untold;
CREATE INDEX work_package_late ON work_package (late_at) WHERE late_at IS NOT NULL;

-- The rows of attempt are written by the very statement that claims their package; asking for each
-- of them whether the package is there took longer than writing it.
ALTER TABLE attempt DROP CONSTRAINT attempt_package_id_fkey;

-- Every package that is ready, waiting or being sent; in two lanes, so that a million callbacks for
-- an ERP that is away cost the mails nothing, and the other way round.
CREATE TABLE work_package_open (
  package_id     bigint PRIMARY KEY,
  lane           text NOT NULL,                          -- who takes it: 'mail' or 'callback'
  priority       smallint NOT NULL,
  due_at         timestamptz,                            -- null: it is being sent
  expires_at     timestamptz NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_cost_delay = 0);
CREATE INDEX work_package_open_due ON work_package_open (lane, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX work_package_open_expires ON work_package_open (lane, expires_at) WHERE due_at IS NOT NULL;
CREATE INDEX work_package_open_sending ON work_package_open (package_id) WHERE due_at IS NULL;

CREATE FUNCTION work_package_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.due_at IS NULL AND NEW.state <> 'sending' THEN
    DELETE FROM work_package_open WHERE package_id = NEW.id;
  ELSE
    INSERT INTO work_package_open (package_id, lane, priority, due_at, expires_at)
    VALUES (NEW.id, CASE NEW.processor WHEN 'callback' THEN 'callback' ELSE 'mail' END,
            NEW.priority, NEW.due_at, NEW.expires_at)
    ON CONFLICT (package_id) DO UPDATE
       SET priority = excluded.priority, due_at = excluded.due_at, expires_at = excluded.expires_at;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION work_package_vanishes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM work_package_open WHERE package_id = OLD.id;
  RETURN NULL;
END $$;

CREATE TRIGGER work_package_opens AFTER INSERT ON work_package FOR EACH ROW
  WHEN (NEW.due_at IS NOT NULL OR NEW.state = 'sending')
  EXECUTE FUNCTION work_package_opens();
-- Two steps of every mail keep the table themselves, for thousands at once: the claim, which alone
-- leads to 'sending', and the stored acceptance, which leads from there to 'sent'.
CREATE TRIGGER work_package_reopens AFTER UPDATE ON work_package FOR EACH ROW
  WHEN (NEW.state <> 'sending' AND NOT (OLD.state = 'sending' AND NEW.state = 'sent')
        AND (OLD.state = 'sending' OR NEW.due_at IS DISTINCT FROM OLD.due_at
             OR NEW.priority <> OLD.priority OR NEW.expires_at <> OLD.expires_at))
  EXECUTE FUNCTION work_package_opens();
CREATE TRIGGER work_package_vanishes AFTER DELETE ON work_package FOR EACH ROW
  EXECUTE FUNCTION work_package_vanishes();

INSERT INTO work_package_open (package_id, lane, priority, due_at, expires_at)
SELECT id, CASE processor WHEN 'callback' THEN 'callback' ELSE 'mail' END, priority, due_at,
       expires_at
  FROM work_package WHERE due_at IS NOT NULL OR state = 'sending';
