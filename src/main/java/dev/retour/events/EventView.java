package dev.retour.events;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as the outside sees it (spec C4).
 *
 * @param status pending, processing, paused, processed, ignored, deliveryFailed, routingFailed,
 *     tooOld or targetingFailed
 * @param reason reason code (spec B1) of an ignored or failed event
 * @param fault what stands in the way or went wrong, for a person
 * @param packageState state of its work package, once there is one
 * @param attempts attempts made so far
 * @param nextAttemptAt when it is tried next, if it waits
 */
public record EventView(
    UUID pkey,
    String eventType,
    String email,
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
    @Nullable Instant nextAttemptAt) {}
