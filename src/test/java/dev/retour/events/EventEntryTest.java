package dev.retour.events;

import static dev.retour.events.EventsFixture.invoice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events that arrive at the same moment share a commit, and nothing else. */
class EventEntryTest {
  private static final int THREADS = 24;

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final EventsFixture it = new EventsFixture(jdbi, clock);
  private final ExecutorService clients = Executors.newFixedThreadPool(THREADS);

  @AfterEach
  void close() throws InterruptedException {
    clients.shutdownNow();
    assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  /** One request of a client. */
  private record Request(String document, @Nullable String key) {}

  @Test
  void repeats_under_one_key_are_one_event_also_when_they_come_together() throws Exception {
    List<IntakeAnswer> answers =
        together(IntStream.range(0, THREADS).mapToObj(i -> new Request("INV-1", "key-1")).toList());
    assertThat(answers.stream().filter(IntakeAnswer.Accepted.class::isInstance)).hasSize(1);
    assertThat(answers.stream().filter(IntakeAnswer.Replayed.class::isInstance))
        .hasSize(THREADS - 1);
    assertThat(ids()).hasSize(1);
  }

  @Test
  void an_event_scheduled_for_later_than_events_are_valid_becomes_a_mail_then() {
    ObjectNode later = EventsFixture.invoice("INV-7");
    later.put("scheduled", clock.instant().plus(Duration.ofDays(7)).toString());
    assertThat(it.post(later)).isInstanceOf(IntakeAnswer.Accepted.class);
    clock.tick(Duration.ofDays(7));
    it.process();
    assertThat(it.count("event WHERE status = 'processing'")).isOne();
    assertThat(it.count("work_package")).isOne();
  }

  @Test
  void one_key_for_two_bodies_is_a_conflict_for_the_second() throws Exception {
    List<IntakeAnswer> answers =
        together(
            IntStream.range(0, THREADS)
                .mapToObj(i -> new Request("INV-" + i % 2, "key-1"))
                .toList());
    assertThat(answers.stream().filter(IntakeAnswer.Accepted.class::isInstance)).hasSize(1);
    assertThat(answers.stream().filter(IntakeAnswer.Replayed.class::isInstance))
        .hasSize(THREADS / 2 - 1);
    assertThat(answers.stream().filter(IntakeAnswer.Conflict.class::isInstance))
        .hasSize(THREADS / 2);
  }

  @Test
  void two_requests_for_one_document_in_one_commit_are_one_event() throws Exception {
    List<IntakeAnswer> answers =
        together(
            IntStream.range(0, THREADS).mapToObj(i -> new Request("INV-" + i / 2, null)).toList());
    assertThat(answers.stream().filter(IntakeAnswer.Accepted.class::isInstance))
        .hasSize(THREADS / 2);
    assertThat(answers.stream().filter(IntakeAnswer.Duplicate.class::isInstance))
        .hasSize(THREADS / 2);
  }

  @Test
  void each_keeps_its_own_attachment_and_its_own_answer() throws Exception {
    List<IntakeAnswer> answers =
        together(
            IntStream.range(0, THREADS).mapToObj(i -> new Request("INV-" + i, "k" + i)).toList());
    assertThat(answers).allMatch(IntakeAnswer.Accepted.class::isInstance);
    Set<String> answered =
        answers.stream()
            .map(answer -> ((IntakeAnswer.Accepted) answer).pkey().toString())
            .collect(Collectors.toSet());
    assertThat(ids()).isEqualTo(answered);
    List<Map<String, Object>> rows =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT document_id, idempotency_key, convert_from(bytes, 'LATIN1') AS pdf"
                            + " FROM event JOIN event_attachment ON event_id = id"
                            + " JOIN attachment USING (sha256)")
                    .mapToMap()
                    .list());
    assertThat(rows)
        .extracting(
            row -> row.get("document_id"), row -> row.get("idempotency_key"), row -> row.get("pdf"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, THREADS)
                .mapToObj(i -> tuple("INV-" + i, "k" + i, "%PDF-1.4 INV-" + i))
                .toList());
  }

  @Test
  void one_the_database_refuses_spoils_no_other() throws Exception {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "ALTER TABLE event ADD CONSTRAINT refused CHECK (document_id <> 'INV-7')"));
    List<IntakeAnswer> answers =
        together(
            IntStream.range(0, THREADS).mapToObj(i -> new Request("INV-" + i, "k" + i)).toList());
    assertThat(answers.get(7)).isInstanceOf(IntakeAnswer.Unavailable.class);
    assertThat(answers.stream().filter(IntakeAnswer.Accepted.class::isInstance))
        .hasSize(THREADS - 1);
    assertThat(ids()).hasSize(THREADS - 1);
  }

  /** The table is locked until all have asked, so that all but the first share a commit. */
  private List<IntakeAnswer> together(List<Request> requests) throws Exception {
    CountDownLatch asked = new CountDownLatch(requests.size());
    List<Future<IntakeAnswer>> running = new ArrayList<>();
    jdbi.useTransaction(
        handle -> {
          handle.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
          for (Request request : requests) {
            running.add(clients.submit(() -> post(request, asked)));
          }
          assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        });
    List<IntakeAnswer> answers = new ArrayList<>();
    for (Future<IntakeAnswer> each : running) {
      answers.add(each.get(20, TimeUnit.SECONDS));
    }
    return answers;
  }

  private IntakeAnswer post(Request request, CountDownLatch asked) {
    ObjectNode body = invoice(request.document());
    String pdf = "%PDF-1.4 " + request.document();
    body.withObjectProperty("document")
        .put(
            "content", Base64.getEncoder().encodeToString(pdf.getBytes(StandardCharsets.US_ASCII)));
    asked.countDown();
    return it.post(body, request.key());
  }

  private Set<String> ids() {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT id::text FROM event").mapTo(String.class).set());
  }
}
