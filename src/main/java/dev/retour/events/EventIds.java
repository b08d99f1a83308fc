package dev.retour.events;

import java.time.InstantSource;
import java.util.UUID;

/**
 * Ids of events: UUIDs of version 7 (RFC 9562 section 5.7). They begin with the time, so that in
 * every index that holds one, what comes in at the same time stands together; random ones touched a
 * page of each index for each event.
 */
final class EventIds {
  private static final int TIME_SHIFT = 16;
  private static final long VERSION_7 = 0x7000L;
  private static final long RANDOM_A = 0x0FFFL;

  private final InstantSource clock;

  EventIds(InstantSource clock) {
    this.clock = clock;
  }

  /** An id nobody can guess: 74 of its bits are random. */
  UUID next() {
    UUID random = UUID.randomUUID();
    long time = clock.millis() << TIME_SHIFT;
    return new UUID(
        time | VERSION_7 | (random.getMostSignificantBits() & RANDOM_A),
        random.getLeastSignificantBits());
  }
}
