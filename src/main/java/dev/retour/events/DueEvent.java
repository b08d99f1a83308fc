package dev.retour.events;

import dev.retour.messages.DeliveryWishes;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event whose turn it is, and which we have taken.
 *
 * @param email null as long as the recipient of a profile event is not known
 * @param hasFiles whether it came with files, whose bytes are read only when needed
 * @param attachments the files beside its document, as JSON
 * @param takenUntil its due time as we set it: the proof that it is still ours
 */
record DueEvent(
    UUID id,
    String eventType,
    @Nullable String email,
    String ctx,
    @Nullable String document,
    @Nullable String documentId,
    boolean hasFiles,
    @Nullable String attachments,
    @Nullable Instant expiration,
    int tries,
    Instant receivedAt,
    @Nullable String redelivery,
    DeliveryWishes wishes,
    @Nullable Instant scheduled,
    EventValues enriched,
    Instant takenUntil) {
  /** When its time began: it was received, or is scheduled for later. */
  Instant from() {
    return scheduled != null && scheduled.isAfter(receivedAt) ? scheduled : receivedAt;
  }
}
