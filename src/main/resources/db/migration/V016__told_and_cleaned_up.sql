-- The ERP is told of every change of an address's standing, whoever made it.
ALTER TABLE callback
  ADD COLUMN cause        text,                          -- as in address_history; null: about a mail
  ADD COLUMN changed_by   text,                          -- the person; null: nobody
  ADD COLUMN state_before text,                          -- of the address until then
  DROP CONSTRAINT callback_fact,
  ADD CONSTRAINT callback_fact CHECK (fact IN ('error', 'expired', 'cancelled', 'uncertain',
    'bounced', 'late', 'recovered', 'sent', 'quarantined', 'denylisted', 'allowlisted', 'released'));
ALTER TABLE held_decision
  ADD COLUMN about        bigint;                        -- the work package that failed; it may be gone

-- What is settled goes when its time is over: first the bytes, later the rest. The Message-ID stays with
-- the package, so that a late bounce finds it.
ALTER TABLE mail_content ALTER COLUMN raw DROP NOT NULL;
CREATE INDEX mail_content_with_bytes ON mail_content (id) WHERE raw IS NOT NULL;
-- A fact and a bounce may outlive the package they are about.
ALTER TABLE callback DROP CONSTRAINT callback_about_fkey,
  ADD CONSTRAINT callback_about_fkey FOREIGN KEY (about) REFERENCES work_package ON DELETE SET NULL;
ALTER TABLE bounce_recipient DROP CONSTRAINT bounce_recipient_package_id_fkey,
  ADD CONSTRAINT bounce_recipient_package_id_fkey
    FOREIGN KEY (package_id) REFERENCES work_package ON DELETE SET NULL;
