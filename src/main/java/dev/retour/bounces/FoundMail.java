package dev.retour.bounces;

/**
 * A mail of an IMAP mailbox, fetched.
 *
 * @param uid its number, which no other mail of the mailbox ever bears (RFC 9051 section 2.3.1.1)
 */
record FoundMail(long uid, RawMail mail) {}
