package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventIdsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

  @Test
  void an_id_is_a_uuid_of_version_7_that_begins_with_the_time() {
    UUID id = new EventIds(InstantSource.fixed(NOON)).next();

    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
  }

  @Test
  void ids_of_the_same_moment_differ() {
    EventIds ids = new EventIds(InstantSource.fixed(NOON));
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      seen.add(ids.next());
    }

    assertThat(seen).hasSize(10_000);
  }

  @Test
  void later_ids_stand_behind_earlier_ones_in_an_index() {
    String before = new EventIds(InstantSource.fixed(NOON)).next().toString();
    String after = new EventIds(InstantSource.fixed(NOON.plusMillis(1))).next().toString();

    assertThat(after).isGreaterThan(before);
  }
}
