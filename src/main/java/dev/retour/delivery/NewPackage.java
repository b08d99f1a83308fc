package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail to be queued: one rendered message for one recipient.
 *
 * @param eventId the event it came from
 * @param message the message it was rendered from, {@code EVT…}
 * @param document the ERP's document reference, if it is about one
 * @param recipient the one envelope recipient
 * @param priority 1, 3, 5, 7 or 9; lower goes first
 * @param onUncertain what to do when the outcome of an attempt is unknown
 * @param expiresAt end of validity: not attempted after it
 * @param messageId RFC 5322 Message-ID with angle brackets, the same for every attempt
 * @param subject for people; decoded
 * @param raw the mail, RFC 5322 with CRLF line ends, never rendered again
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
public record NewPackage(
    UUID eventId,
    String message,
    @Nullable String document,
    EmailAddress recipient,
    int priority,
    OnUncertain onUncertain,
    Instant expiresAt,
    String messageId,
    String subject,
    byte[] raw) {}
