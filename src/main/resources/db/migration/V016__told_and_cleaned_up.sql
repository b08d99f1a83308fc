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
