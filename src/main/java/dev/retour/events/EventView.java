package dev.retour.events;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the outside sees it (spec C4).
 *
 * @param email null as long as the recipient of a profile event is not known
 * @param status pending, processing, paused, processed, ignored, deliveryFailed, routingFailed,
 *     tooOld or targetingFailed
 * @param reason reason code (spec B1) of an ignored or failed event
 * @param fault what stands in the way or went wrong, for a person
 * @param packageState state of its work package, once there is one
 * @param attempts attempts made so far
 * @param nextAttemptAt when its work package is tried next, if it waits
 * @param dueAt when the event itself goes on, or is too old if it is paused; null when it is done
 * @param version of the message its mail was made by
 */
public record EventView(
    UUID pkey,
    String eventType,
    @Nullable String email,
    @Nullable String documentId,
    String status,
    @Nullable Integer reason,
    @Nullable String fault,
    Instant receivedAt,
    @Nullable Instant scheduled,
    @Nullable Instant expiration,
    @Nullable Long workPackage,
    @Nullable String packageState,
    int attempts,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant dueAt,
    @Nullable Integer version) {

  /** One sentence for people: why it is where it is. Every status has one. */
  public String because() {
    return EventReason.of(this);
  }
}
