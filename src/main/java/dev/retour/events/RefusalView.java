package dev.retour.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that was refused because its message took none: all that is kept of it.
 *
 * @param email the normalised address of its recipient, if it could be read
 * @param documentId the ERP's number, if it had one
 * @param idempotencyKey of its client, if it gave one
 * @param answer the HTTP status of the answer: 409 never published, 410 not any more
 * @param because the answer in words
 */
public record RefusalView(
    long id,
    Instant at,
    String eventType,
    @Nullable String email,
    @Nullable String documentId,
    @Nullable String idempotencyKey,
    int answer,
    String because) {}
