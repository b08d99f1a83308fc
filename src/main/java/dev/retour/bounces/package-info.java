/**
 * What comes back: the bounce mailboxes are polled, every mail is read, qualified, matched to what
 * was sent, and its consequence applied (spec B2, B6, B15).
 *
 * <p>The IMAP mailbox is read in bulk ({@code MailboxDrain} over {@code ImapInbox}; {@code
 * MailboxModule} is its Camel endpoint {@code mailbox:}), the POP3 mailbox by camel-mail. A mail is
 * moved or deleted only after it was stored, and the same mail twice is one bounce.
 *
 * <p>Level 3. Tables {@code bounce}, {@code bounce_recipient}; routes {@code routes/bounces/}.
 */
@NullMarked
package dev.retour.bounces;

import org.jspecify.annotations.NullMarked;
