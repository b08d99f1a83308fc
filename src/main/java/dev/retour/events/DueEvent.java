package dev.retour.events;

import dev.retour.messages.DeliveryWishes;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event whose turn it is, and which we have taken.
 *
 * @param email null as long as the recipient of a profile event is not known
 * @param hasAttachment whether its document came with a file, which is read only when needed
 * @param takenUntil its due time as we set it: the proof that it is still ours
 */
record DueEvent(
    UUID id,
    String eventType,
    @Nullable String email,
    String ctx,
    @Nullable String document,
    @Nullable String documentId,
    boolean hasAttachment,
    @Nullable Instant expiration,
    int tries,
    Instant receivedAt,
    @Nullable String redelivery,
    DeliveryWishes wishes,
    @Nullable Instant scheduled,
    EventValues enriched,
    Instant takenUntil) {}
