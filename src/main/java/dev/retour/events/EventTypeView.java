package dev.retour.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event type and whether anything comes in.
 *
 * @param state of its message: draft, published, paused or deleted
 * @param version in force; null when none is
 * @param newestEventAt when its newest event came; null when there is none
 */
public record EventTypeView(
    String id, String state, @Nullable Integer version, @Nullable Instant newestEventAt) {}
