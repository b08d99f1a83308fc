package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding events again, on the real database. */
class EventSearchTest {
  @TempDir Path folder;
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private MessageRoom room;
  private EventLog log;

  @BeforeEach
  void open() {
    room = new MessageRoom(folder, jdbi, clock).write("Hello [=ctx.name]").publish();
    log = room.events().eventLog();
  }

  @Test
  void pages_lead_through_all_events_each_once_the_newest_first() {
    for (int i = 0; i < 7; i++) {
      room.post("n" + i); // some at the same microsecond
      if (i % 3 == 0) {
        clock.tick(Duration.ofSeconds(1));
      }
    }
    List<String> seen = new ArrayList<>();
    EventPage.Place next = null;
    do {
      EventPage page = log.list(EventFilter.of(Map.of()), next, 2);
      page.events().forEach(event -> seen.add(event.email()));
      next = page.next() == null ? null : EventPage.Place.of(page.next().toString());
    } while (next != null);

    assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    assertThat(seen.get(6)).isEqualTo("n0@example.com");
  }

  @Test
  void pages_by_status_lead_to_each_event_once_whatever_stands_between_them() {
    room.post("oldest");
    sql("UPDATE event SET status = 'tooOld', due_at = NULL");
    clock.tick(Duration.ofDays(1));
    room.post("first");
    sql( // more than one look goes through, some at the same microsecond
        """
        INSERT INTO event
        SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(),
                 'received_at', e.received_at + (i / 2) * interval '1 second',
                 'status', CASE WHEN i % 400 < 3 THEN 'ignored' ELSE e.status END,
                 'due_at', CASE WHEN i % 400 < 3 THEN NULL ELSE e.due_at END))).*
          FROM event e, generate_series(1, 10500) i WHERE e.status = 'pending'""");

    List<UUID> ignored = new ArrayList<>();
    EventPage.Place next = null;
    int pages = 0;
    do {
      EventPage page = log.list(EventFilter.of(Map.of("status", "ignored")), next, 7);
      assertThat(page.lookedAt()).isLessThanOrEqualTo(EventLog.LOOKED_AT_MAX);
      page.events().forEach(event -> ignored.add(event.pkey()));
      next = page.next();
      pages++;
    } while (next != null);
    assertThat(ignored).hasSize(80).doesNotHaveDuplicates();
    assertThat(pages).isLessThan(20);

    EventPage empty = log.list(EventFilter.of(Map.of("status", "tooOld")), null, 7);
    assertThat(empty.events()).isEmpty();
    assertThat(empty.lookedAt()).isEqualTo(EventLog.LOOKED_AT_MAX);
    EventPage last = log.list(EventFilter.of(Map.of("status", "tooOld")), empty.next(), 7);
    assertThat(last.events()).extracting(EventView::email).containsExactly("oldest@example.com");
    assertThat(last.next()).isNull();
  }

  private void sql(String statement) {
    jdbi.useHandle(handle -> handle.execute(statement));
  }

  @Test
  void each_filter_leaves_out_what_does_not_match() {
    room.post("early");
    clock.tick(Duration.ofHours(1));
    Instant noon = clock.instant();
    room.post("late");
    room.pause();
    room.post("held");

    assertThat(emails(Map.of("recipient", "EARLY@example.com"))).containsExactly("early");
    assertThat(emails(Map.of("from", noon.toString()))).containsExactlyInAnyOrder("held", "late");
    assertThat(emails(Map.of("until", noon.toString()))).containsExactly("early");
    assertThat(emails(Map.of("status", "paused"))).containsExactly("held");
    assertThat(emails(Map.of("status", "paused,PENDING"))).hasSize(3);
    assertThat(emails(Map.of("type", "EVTtest", "status", "processed"))).isEmpty();
    assertThat(emails(Map.of("type", "EVTother"))).isEmpty();
    assertThat(emails(Map.of("document", "INV-1"))).isEmpty();
  }

  @Test
  void what_cannot_be_read_is_said_in_a_sentence() {
    for (Map<String, String> given :
        List.of(
            Map.of("status", "lost"),
            Map.of("from", "yesterday"),
            Map.of("recipient", "nobody"),
            Map.of("document", "a\u0000b"))) {
      assertThatThrownBy(() -> EventFilter.of(given))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith(".");
    }
    for (String place : List.of("x", "_", "2026-01-01T00:00:00Z_x", "x_1-1-1-1-1")) {
      assertThatThrownBy(() -> EventPage.Place.of(place))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void types_without_an_event_for_days_are_found() {
    room.post("once");
    assertThat(log.types(null, Duration.ofDays(3))).isEmpty();
    assertThat(log.types("published", null))
        .extracting(EventTypeView::id)
        .containsExactly("EVTtest");
    assertThat(log.types("paused", null)).isEmpty();
    Instant came = clock.instant();
    clock.tick(Duration.ofDays(4));
    assertThat(log.types(null, Duration.ofDays(3)))
        .extracting(EventTypeView::newestEventAt)
        .containsExactly(came);
  }

  @Test
  void every_event_has_a_reason_and_keeps_it_as_json() {
    EventView event = room.view(room.post("pending"));
    assertThat(event.because()).isEqualTo("It goes out at " + clock.instant() + ".");
    assertThat(EventJson.of(event).get("because").asText()).isEqualTo(event.because());
    for (String status :
        List.of(
            "pending",
            "processing",
            "paused",
            "processed",
            "ignored",
            "deliveryFailed",
            "routingFailed",
            "tooOld",
            "targetingFailed")) {
      EventView bare =
          new EventView(
              event.pkey(),
              "EVTtest",
              "a@example.com",
              null,
              status,
              null,
              null,
              event.receivedAt(),
              null,
              null,
              null,
              null,
              0,
              null,
              event.dueAt(),
              null);
      assertThat(bare.because()).as(status).endsWith(".").doesNotContain("Nothing is known");
    }
  }

  private List<String> emails(Map<String, String> filter) {
    return log.list(EventFilter.of(filter), null, 100).events().stream()
        .map(event -> event.email().substring(0, event.email().indexOf('@')))
        .toList();
  }
}
