-- The bytes of a mail are written once and taken away when their time is over; until then there is
-- nothing to vacuum. A vacuum for the sake of what was inserted read every page again and, after a
-- checkpoint, wrote each of them whole into the log: as many bytes as the mails have.
ALTER TABLE mail_content SET (autovacuum_vacuum_insert_threshold = -1,
                              toast.autovacuum_vacuum_insert_threshold = -1);
