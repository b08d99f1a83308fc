package dev.retour.events;

import dev.retour.messages.DeliveryWishes;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An event whose turn it is. */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
record DueEvent(
    UUID id,
    String eventType,
    String email,
    String ctx,
    @Nullable String document,
    @Nullable String documentId,
    byte @Nullable [] attachment,
    @Nullable Instant expiration,
    int tries,
    Instant receivedAt,
    @Nullable String redelivery,
    DeliveryWishes wishes,
    @Nullable Instant scheduled) {}
