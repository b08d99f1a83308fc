package dev.retour.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.delivery.RetentionConfig;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes of files are stored once over all events, and are there as long as one needs them. */
class AttachmentOnceTest {
  private static final String FILES =
      """
      attachments:
        contentTypes: [application/pdf]
      """;

  @TempDir private Path dir;
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private MessageRoom room;

  @BeforeEach
  void open() {
    room = new MessageRoom(dir, jdbi, clock).write("Hi [=ctx.name]", FILES).publish();
  }

  private static String body(String name, String... pdfs) {
    List<String> files = new ArrayList<>();
    for (String pdf : pdfs) {
      byte[] bytes = ("%PDF-1.4 " + pdf).getBytes(US_ASCII);
      files.add(
          "{\"fileName\":\"%s-%d.pdf\",\"contentType\":\"application/pdf\",\"content\":\"%s\"}"
              .formatted(pdf, files.size(), Base64.getEncoder().encodeToString(bytes)));
    }
    return "{\"email\":\"%s@example.com\",\"ctx\":{\"name\":\"%s\"},\"attachments\":[%s]}"
        .formatted(name, name, String.join(",", files));
  }

  private long count(String table) {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  private List<String> mails() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT raw FROM mail_content ORDER BY subject")
                .map((row, context) -> new String(row.getBytes(1), ISO_8859_1))
                .list());
  }

  private EventCleanUp cleanUp() {
    return new EventCleanUp(
        jdbi, new DeliveryCleanUp(jdbi, clock, RetentionConfig.from(Settings.of(Map.of()))));
  }

  @Test
  void ten_thousand_events_with_one_file_store_it_once_and_none_when_they_are_mails() {
    String line = body("anna", "terms") + "\n";
    BatchAnswer answer =
        room.events().batches().accept(MessageRoom.TYPE, line.repeat(10_000).getBytes(UTF_8), null);
    assertThat(((BatchAnswer.Lines) answer).lines())
        .hasSize(10_000)
        .allMatch(each -> each.answer() instanceof IntakeAnswer.Accepted);
    assertThat(count("event_attachment")).isEqualTo(10_000);
    assertThat(count("attachment")).isOne();

    jdbi.useHandle(
        handle ->
            handle.execute(
                "DELETE FROM event WHERE id NOT IN (SELECT id FROM event ORDER BY id LIMIT 200)"));
    room.process();
    assertThat(mails()).hasSize(200).allMatch(mail -> mail.contains("terms-0.pdf"));
    assertThat(count("event_attachment")).isZero();
    assertThat(count("attachment")).isZero();
    assertThat(count("event WHERE attachments->0->>'sha256' IS NOT NULL"))
        .as("the hash is kept")
        .isEqualTo(200);
  }

  @Test
  void each_event_gets_its_own_files_in_order_and_others_keep_theirs() {
    room.pause();
    room.post(body("anna", "a", "shared"), null);
    IntakeAnswer berta = room.post(body("berta", "shared", "b", "a"), null);
    assertThat(count("attachment")).isEqualTo(3);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE event SET status = 'pending', due_at = received_at WHERE email LIKE 'anna%'"));
    room.resume();
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE event SET status = 'pending', due_at = ? WHERE email LIKE 'berta%'",
                clock.instant().plus(Duration.ofDays(1))));
    room.process();
    assertThat(mails()).hasSize(1);
    assertThat(count("attachment")).as("a, b and what both have").isEqualTo(3);
    assertThat(room.view(berta).status()).isEqualTo("pending");

    clock.tick(Duration.ofDays(1));
    room.process();
    String mail = mails().get(1);
    assertThat(mail.indexOf("shared-0.pdf")).isPositive().isLessThan(mail.indexOf("b-1.pdf"));
    assertThat(mail.indexOf("b-1.pdf")).isLessThan(mail.indexOf("a-2.pdf"));
    assertThat(count("attachment")).isZero();
  }

  @Test
  void bytes_that_come_in_while_they_are_removed_are_never_lost() throws Exception {
    int rounds = 60;
    ExecutorService clients = Executors.newFixedThreadPool(4);
    try {
      List<Future<IntakeAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        String name = "n" + i;
        for (int client = 0; client < 3; client++) {
          answers.add(clients.submit(() -> room.post(body(name, "same", "other"), null)));
        }
        room.process();
      }
      for (Future<IntakeAnswer> each : answers) {
        assertThat(each.get(20, TimeUnit.SECONDS)).isInstanceOf(IntakeAnswer.Accepted.class);
      }
    } finally {
      clients.shutdown();
      assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }
    room.process();
    assertThat(mails())
        .hasSize(rounds * 3)
        .allMatch(mail -> mail.contains("same-0.pdf") && mail.contains("other-1.pdf"));
    cleanUp().removeOld();
    assertThat(count("attachment")).isZero();
  }

  @Test
  void who_removes_waits_for_nobody_and_leaves_what_somebody_names() throws Exception {
    AttachmentStore store = new AttachmentStore();
    room.post(body("anna", "same"), null);
    List<byte[]> hash =
        jdbi.withHandle(
            handle ->
                handle.createQuery("SELECT sha256 FROM attachment").mapTo(byte[].class).list());
    jdbi.useHandle(handle -> handle.execute("DELETE FROM event_attachment"));
    jdbi.useTransaction(
        naming -> {
          naming.execute("SELECT 1 FROM attachment WHERE sha256 = ? FOR KEY SHARE", hash.get(0));
          // By another thread: in this one it would be the same transaction.
          int removed =
              CompletableFuture.supplyAsync(
                      () ->
                          jdbi.<Integer, RuntimeException>inTransaction(
                              handle -> store.removeUnnamed(handle, 10)))
                  .get(20, TimeUnit.SECONDS);
          assertThat(removed).isZero();
        });
    assertThat(jdbi.<Integer, RuntimeException>inTransaction(h -> store.removeUnnamed(h, 10)))
        .isOne();
  }

  @Test
  void bytes_of_an_event_that_became_no_mail_go_with_it() {
    room.pause();
    room.post(body("anna", "a", "shared"), null);
    room.unpublish().turn();
    assertThat(count("event WHERE status = 'routingFailed'")).isOne();
    assertThat(count("attachment")).isEqualTo(2);
    clock.tick(Duration.ofDays(731));
    room.publish();
    room.post(body("berta", "shared"), null);

    assertThat(cleanUp().removeOld()).isOne();
    assertThat(count("attachment")).as("one is still needed").isOne();
    assertThat(count("event_attachment")).isOne();
  }

  @Test
  void files_taken_in_before_there_was_a_table_for_them_are_still_sent() {
    EventsFixture shipped = new EventsFixture(jdbi, clock);
    shipped.post(EventsFixture.invoice("INV-1"));
    jdbi.useHandle(
        handle -> {
          handle.execute("UPDATE event SET attachment = (SELECT bytes FROM attachment)");
          handle.execute("DELETE FROM event_attachment");
          handle.execute("DELETE FROM attachment");
        });
    shipped.process();
    String content =
        EventsFixture.invoice("INV-1").at("/document/content").asText().substring(0, 70);
    assertThat(mails()).hasSize(1).first().asString().contains(content);
    assertThat(count("event WHERE attachment IS NOT NULL")).isZero();
  }

  @Test
  void without_its_bytes_an_event_becomes_no_mail_and_says_so() {
    IntakeAnswer answer = room.post(body("anna", "a"), null);
    jdbi.useHandle(handle -> handle.execute("DELETE FROM event_attachment"));
    room.process();
    assertThat(mails()).isEmpty();
    assertThat(room.view(answer).because()).contains("a-0.pdf").contains("gone");
  }

  @Test
  void a_required_file_that_is_missing_is_an_error_also_in_a_batch() {
    room.write("Hi [=ctx.name]", FILES + "  required: true\n").publish();
    assertThat(room.post("anna"))
        .isInstanceOfSatisfying(
            IntakeAnswer.Invalid.class,
            invalid -> assertThat(invalid.faults().get(0).pointer()).isEqualTo("/attachments"));
    BatchAnswer answer =
        room.events()
            .batches()
            .accept(
                MessageRoom.TYPE, (body("anna", "a") + "\n" + body("berta")).getBytes(UTF_8), null);
    assertThat(((BatchAnswer.Lines) answer).lines())
        .extracting(each -> each.answer().getClass().getSimpleName())
        .containsExactly("Accepted", "Invalid");
  }
}
