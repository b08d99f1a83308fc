/**
 * The sandbox mail world: an SMTP sink whose recipient decides what happens, and an IMAP and POP3
 * server holding the bounce mailbox, and a clock that can be moved forward. Used when no SMTP host
 * is set; nothing leaves the machine.
 *
 * <p>Level 0. A world of strangers to the rest: it imports no other room, so that tests and demos
 * meet it only over SMTP, IMAP and POP3.
 */
@NullMarked
package dev.retour.sandbox;

import org.jspecify.annotations.NullMarked;
