-- The ERP is told of events that end without a mail, too.
ALTER TABLE callback DROP CONSTRAINT callback_fact;
ALTER TABLE callback ADD CONSTRAINT callback_fact CHECK (fact IN ('error', 'expired', 'cancelled',
  'uncertain', 'bounced', 'late', 'recovered', 'sent', 'ended', 'quarantined', 'denylisted',
  'allowlisted', 'released', 'unsubscribed', 'subscribed'));
