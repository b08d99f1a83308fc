/**
 * What a mail is: bounded MIME reading, delivery status notifications (RFC 3464), feedback reports
 * (RFC 5965), addresses, and signed return paths.
 *
 * <p>Level 0. Pure: no database, no clock of its own, no Camel. Everything read here was written by
 * strangers, so every loop and buffer has a limit from {@code MailConfig}.
 */
@NullMarked
package dev.retour.mail;

import org.jspecify.annotations.NullMarked;
