package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches, and more events than a page, when their message changes; what the ERP hears of them. */
class ManyEventsFollowMessagesTest {
  @TempDir Path folder;
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private MessageRoom room;

  @BeforeEach
  void open() {
    room = new MessageRoom(folder, jdbi, clock).write("First [=ctx.name]").publish();
  }

  @Test
  void a_batch_repeated_after_its_message_was_unpublished_gets_the_answers_of_that_time() {
    String first = line("one", "") + "\n" + line("own", "\"idempotencyKey\":\"k-own\",") + "\n";
    assertThat(kinds(room, first, "night")).containsExactly("1 Accepted", "2 Accepted");
    MessageRoom other = new MessageRoom(folder, jdbi, clock);
    other.post("warm");
    room.unpublish();

    String longer = first + line("three", "") + "\n{broken\n" + line("own", "");
    for (MessageRoom each : List.of(room, other)) { // the other one has not seen it yet
      assertThat(kinds(each, first, "night")).containsExactly("1 Replayed", "2 Replayed");
      assertThat(kinds(each, line("changed", ""), "night")).containsExactly("1 Conflict");
    }
    assertThat(kinds(room, longer, "night"))
        .containsExactly(
            "1 Replayed", "2 Replayed", "3 NotPublished", "4 NotPublished", "5 NotPublished");
    assertThat(kinds(room, first.repeat(600), null)) // more than a page
        .hasSize(1_200)
        .filteredOn(each -> each.endsWith(" Replayed"))
        .hasSize(600);
    assertThat(room.events().batches().accept(MessageRoom.TYPE, bytes(first), "later"))
        .as("its own key is known, whatever that of the batch")
        .isInstanceOf(BatchAnswer.Lines.class);
    BatchAnswer fresh =
        room.events().batches().accept(MessageRoom.TYPE, bytes(line("two", "")), "later");
    assertThat(fresh).isInstanceOf(BatchAnswer.Refused.class);
    assertThat(rows("SELECT count(*) AS n FROM event WHERE email_key NOT LIKE 'warm%'"))
        .containsExactly("{n=2}");
  }

  @Test
  void more_events_than_a_page_follow_their_message_and_the_erp_is_told_of_each_that_ends() {
    int pageAndMore = 1_001;
    room.pause();
    paused(pageAndMore);
    room.resume().follow();
    assertThat(rows("SELECT status, count(*) AS n FROM event GROUP BY status"))
        .containsExactly("{n=1001, status=pending}");
    assertThat(rows("SELECT fact FROM callback")).isEmpty();

    room.pause();
    paused(pageAndMore);
    room.unpublish().follow();
    assertThat(rows("SELECT status, count(*) AS n FROM event GROUP BY status"))
        .containsExactly("{n=2002, status=routingFailed}");
    assertThat(
            rows(
                "SELECT fact, state, count(DISTINCT event_id) AS n,"
                    + " bool_and(failure_text LIKE 'EVTtest is not published any more%') AS why"
                    + " FROM callback GROUP BY fact, state"))
        .containsExactly("{fact=ended, n=2002, state=routingFailed, why=true}");
  }

  private void paused(int events) {
    String body = (line("p", "") + "\n").repeat(events);
    assertThat(kinds(room, body, null)).hasSize(events).allMatch(each -> each.endsWith("Accepted"));
  }

  @Test
  void an_event_that_was_too_old_before_its_message_was_resumed_is_told_to_the_erp() {
    room.pause();
    room.post(line("old", "\"expiration\":\"" + clock.instant().plusSeconds(60) + "\","), null);
    clock.tick(Duration.ofSeconds(61));
    room.follow().follow();
    assertThat(rows("SELECT fact, state, recipient FROM callback"))
        .containsExactly("{fact=ended, recipient=old@example.com, state=tooOld}");
  }

  private static String line(String name, String more) {
    return "{%s\"email\":\"%s@example.com\",\"ctx\":{\"name\":\"%s\"}}".formatted(more, name, name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> kinds(MessageRoom room, String body, @Nullable String key) {
    BatchAnswer answer = room.events().batches().accept(MessageRoom.TYPE, bytes(body), key);
    return ((BatchAnswer.Lines) answer)
        .lines().stream()
            .map(each -> each.number() + " " + each.answer().getClass().getSimpleName())
            .toList();
  }

  private List<String> rows(String sql) {
    return jdbi.withHandle(
        handle ->
            handle.createQuery(sql).mapToMap().stream()
                .map(row -> new TreeMap<>(row).toString())
                .toList());
  }
}
