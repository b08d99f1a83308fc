package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of events when their message is paused, changed, resumed, unpublished, repaired. */
class EventsFollowMessagesTest {
  @TempDir Path folder;
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private MessageRoom room;

  @BeforeEach
  void open() {
    room = new MessageRoom(folder, jdbi, clock).write("First [=ctx.name]").publish();
  }

  @Test
  void events_of_a_paused_message_wait_and_go_out_with_the_content_as_changed_meanwhile() {
    IntakeAnswer before = room.post("before");
    room.pause();
    IntakeAnswer meanwhile = room.post("meanwhile");
    room.turn();

    assertThat(((IntakeAnswer.Accepted) meanwhile).status()).isEqualTo("paused");
    for (IntakeAnswer each : List.of(before, meanwhile)) {
      assertThat(room.view(each).status()).isEqualTo("paused");
      assertThat(room.view(each).because())
          .contains("EVTtest is paused since ", " by Ann (wrong price); the event waits until ");
    }
    assertThat(room.subjects()).isEmpty();

    room.write("Second [=ctx.name]").resume().turn();

    assertThat(room.subjects()).containsExactly("Second before", "Second meanwhile");
    assertThat(room.view(before).status()).isEqualTo("processing");
    assertThat(room.view(before).version()).isEqualTo(2);
  }

  @Test
  void each_waits_until_its_own_expiration() {
    room.pause();
    IntakeAnswer anHour =
        room.post(body("hour", "expiration", clock.instant().plusSeconds(3_600)), null);
    IntakeAnswer none = room.post("none");
    clock.tick(Duration.ofSeconds(3_599));
    room.turn();
    assertThat(room.view(anHour).status()).isEqualTo("paused");

    clock.tick(Duration.ofSeconds(1));
    room.turn();
    assertThat(room.view(anHour).status()).isEqualTo("tooOld");
    assertThat(room.view(anHour).because())
        .startsWith("It was too old before its message was resumed. EVTtest is paused since");
    assertThat(room.view(none).status()).isEqualTo("paused");

    clock.tick(Duration.ofDays(5));
    room.turn();
    assertThat(room.view(none).status()).isEqualTo("tooOld");
    room.resume().turn();
    assertThat(room.subjects()).isEmpty();
  }

  @Test
  void a_scheduled_event_becomes_paused_when_it_is_due_and_not_before() {
    room.pause();
    IntakeAnswer later =
        room.post(body("later", "scheduled", clock.instant().plusSeconds(60)), null);
    room.turn();
    assertThat(room.view(later).status()).isEqualTo("pending");
    assertThat(room.view(later).because()).startsWith("It goes out at ");
    clock.tick(Duration.ofSeconds(61));
    room.turn();
    assertThat(room.view(later).status()).isEqualTo("paused");
    room.resume().turn();
    assertThat(room.subjects()).containsExactly("First later");
  }

  @Test
  void another_sidecar_that_has_not_seen_the_pause_yet_queues_nothing() {
    MessageRoom other = new MessageRoom(folder, jdbi, clock);
    IntakeAnswer before = other.post("before");
    room.pause();

    IntakeAnswer meanwhile = other.post("meanwhile");
    other.process();

    assertThat(((IntakeAnswer.Accepted) meanwhile).status()).isEqualTo("paused");
    assertThat(other.view(before).status()).isEqualTo("paused");
    assertThat(other.subjects()).isEmpty();
  }

  @Test
  void another_sidecar_that_has_not_seen_the_new_version_makes_no_mail_of_the_old_one() {
    MessageRoom other = new MessageRoom(folder, jdbi, clock);
    other.post("warm");
    other.process();
    room.write("Second [=ctx.name]").publish();

    IntakeAnswer next = other.post("next");
    other.process();
    assertThat(other.subjects()).containsExactly("First warm");
    assertThat(other.view(next).status()).isEqualTo("pending");

    clock.tick(Duration.ofSeconds(2));
    other.process();
    assertThat(other.subjects()).containsExactly("First warm", "Second next");
  }

  @Test
  void an_unpublished_message_refuses_its_events_and_each_refusal_is_on_record() {
    String known = body("known", "scheduled", clock.instant().plusSeconds(60));
    IntakeAnswer accepted = room.post(known, "k-1");
    MessageRoom other = new MessageRoom(folder, jdbi, clock);
    other.post("warm");
    room.unpublish();

    for (MessageRoom each : List.of(room, other)) { // the other one has not seen it yet
      IntakeAnswer refused = each.post(body("late", "scheduled", clock.instant()), "k-2");
      assertThat(refused).isInstanceOf(IntakeAnswer.NotPublished.class);
      assertThat(((IntakeAnswer.NotPublished) refused).status()).isEqualTo(410);
      assertThat(refused.sentence())
          .contains("EVTtest is not published any more since", "by Ann (wrong price)");
      assertThat(each.post(known, "k-1")).isInstanceOf(IntakeAnswer.Replayed.class);
      assertThat(each.post(known + " ", "k-1")).isInstanceOf(IntakeAnswer.Conflict.class);
    }
    assertThat(
            room.events()
                .batches()
                .accept(MessageRoom.TYPE, known.getBytes(StandardCharsets.UTF_8), null))
        .isInstanceOf(BatchAnswer.Refused.class);
    assertThat(rows("SELECT email_key, idempotency_key, answer FROM event_refusal ORDER BY id"))
        .containsExactly(
            "{answer=410, email_key=late@example.com, idempotency_key=k-2}",
            "{answer=410, email_key=late@example.com, idempotency_key=k-2}",
            "{answer=410, email_key=known@example.com, idempotency_key=null}");
    assertThat(room.view(accepted).status()).isEqualTo("pending");
  }

  @Test
  void a_message_that_was_never_published_is_not_gone_but_not_there_yet() {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "INSERT INTO message (id, state, changed_by, changed_at)"
                    + " VALUES ('EVTdraft', 'draft', 'Ann', now())"));
    IntakeAnswer refused =
        room.events().intake().accept("EVTdraft", "{}".getBytes(StandardCharsets.UTF_8), null);
    assertThat(refused).isInstanceOf(IntakeAnswer.NotPublished.class);
    assertThat(((IntakeAnswer.NotPublished) refused).status()).isEqualTo(409);
    for (String unknown : List.of("EVTnobody", "nonsense", "EVT\u0000")) {
      assertThat(
              room.events().intake().accept(unknown, "{}".getBytes(StandardCharsets.UTF_8), null))
          .isInstanceOf(IntakeAnswer.UnknownType.class);
    }
  }

  @Test
  void a_flood_of_refusals_keeps_a_hundred_an_hour() {
    room.unpublish();
    for (int i = 0; i < RefusalStore.KEPT_MAX + 20; i++) {
      assertThat(room.post("flood")).isInstanceOf(IntakeAnswer.NotPublished.class);
    }
    assertThat(rows("SELECT count(*) AS n FROM event_refusal")).containsExactly("{n=100}");
    clock.tick(Duration.ofMinutes(61));
    room.post("flood");
    assertThat(rows("SELECT count(*) AS n FROM event_refusal")).containsExactly("{n=101}");
  }

  @Test
  void what_waits_for_a_message_ends_when_it_is_unpublished() {
    IntakeAnswer due = room.post("due");
    IntakeAnswer later =
        room.post(body("later", "scheduled", clock.instant().plusSeconds(600)), null);
    room.pause();
    IntakeAnswer paused = room.post("paused");
    room.unpublish().turn();

    for (IntakeAnswer each : List.of(due, later, paused)) {
      assertThat(room.view(each).status()).isEqualTo("routingFailed");
      assertThat(room.view(each).because())
          .startsWith("EVTtest is not published any more since")
          .endsWith("by Ann (wrong price).");
    }
    assertThat(room.publish().post("anew")).isInstanceOf(IntakeAnswer.Accepted.class);
    room.turn();
    assertThat(room.subjects()).containsExactly("First anew");
  }

  @Test
  void an_event_taken_when_its_message_is_unpublished_is_ended_not_queued() {
    MessageRoom other = new MessageRoom(folder, jdbi, clock);
    IntakeAnswer due = other.post("due");
    room.unpublish();
    other.process();
    assertThat(other.view(due).status()).isEqualTo("routingFailed");
    assertThat(other.subjects()).isEmpty();
  }

  @Test
  void events_that_a_broken_message_holds_say_so_and_go_out_once_it_is_repaired() {
    room.write("[#if ctx.name == \"bad\"][=ctx.name?number][/#if]First").publish();
    IntakeAnswer held = room.post("bad");
    room.turn();
    assertThat(room.view(held).status()).isEqualTo("pending");
    assertThat(room.view(held).because()).contains("subject.txt", "It is tried again at ");
    room.turn();
    assertThat(room.subjects()).isEmpty();

    room.write("Repaired [=ctx.name]").publish().turn();

    assertThat(room.subjects()).containsExactly("Repaired bad");
  }

  @Test
  void a_turn_cut_between_two_pages_is_finished_by_the_next_process() {
    room.pause();
    for (int i = 0; i < 5; i++) {
      room.post("p" + i);
    }
    room.resume();
    jdbi.useHandle( // as if a process had been killed after its first page
        handle ->
            handle.execute(
                "UPDATE event SET status = 'pending', fault = NULL, due_at = received_at"
                    + " WHERE payload->>'name' < 'p2'"));
    MessageRoom next = new MessageRoom(folder, jdbi, clock);
    next.turn();
    assertThat(next.subjects()).hasSize(5);
    assertThat(rows("SELECT DISTINCT status FROM event")).containsExactly("{status=processing}");
  }

  private static String body(String name, String member, Instant time) {
    return "{\"email\":\"%s@example.com\",\"ctx\":{\"name\":\"%s\"},\"%s\":\"%s\"}"
        .formatted(name, name, member, time);
  }

  private List<String> rows(String sql) {
    return jdbi.withHandle(
        handle ->
            handle.createQuery(sql).mapToMap().stream()
                .map(row -> new TreeMap<>(row).toString())
                .toList());
  }
}
