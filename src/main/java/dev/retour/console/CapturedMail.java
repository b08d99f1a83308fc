package dev.retour.console;

import java.time.Instant;

/**
 * A mail the sandbox took instead of the outside world. All texts are as the sender wrote them.
 *
 * @param id letters, digits, {@code . _ -}; at most 100
 * @param sizeBytes size of the raw mail
 */
public record CapturedMail(
    String id,
    Instant receivedAt,
    String envelopeFrom,
    String envelopeTo,
    String subject,
    long sizeBytes) {}
