package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Queue;
import dev.retour.messages.FolderMessages;
import dev.retour.messages.Messages;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Many events at once: each line is answered as if it had come alone. */
class BatchIntakeTest {
  private static final String CART = "EVTcartAbandonment";
  private static final String INVOICE = "EVTinvoiceIssued";
  private static final Messages messages = FolderMessages.shipped();

  private final Jdbi jdbi = TestDatabase.fresh();
  private final BatchIntake intake = intake(new TickingClock(), Map.of());

  @Test
  void each_line_gets_its_own_answer_in_order() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(line(invoice("INV-1")));
    body.writeBytes(line("{\"email\":\"a@example.com\"}"));
    body.writeBytes(line("{\"email\":"));
    body.writeBytes("{\"email\":\"".getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(new byte[] {(byte) 0xC3, '"', '}', '\n'}); // half a character of UTF-8
    body.writeBytes(line(invoice("INV-1")));
    body.writeBytes(line("[]"));
    body.writeBytes(line(keyed(invoice("INV-2"), "k")));
    body.writeBytes(line(keyed(invoice("INV-2"), "k")));
    body.writeBytes(line(keyed(invoice("INV-3"), "k")));

    assertThat(kinds(lines(intake.accept(INVOICE, body.toByteArray(), null))))
        .containsExactly(
            "1 Accepted",
            "2 Invalid",
            "3 Invalid",
            "4 Invalid",
            "5 Duplicate",
            "6 Invalid",
            "7 Accepted",
            "8 Replayed",
            "9 Conflict");
    assertThat(texts("SELECT document_id FROM event ORDER BY 1")).containsExactly("INV-1", "INV-2");
  }

  @Test
  void empty_lines_count_and_the_last_line_needs_no_end() {
    String body = "\n" + cart(1) + "\r\n \t\r\n" + cart(2);

    assertThat(kinds(lines(intake.accept(CART, bytes(body), null))))
        .containsExactly("2 Accepted", "4 Accepted");
    assertThat(texts("SELECT payload->>'cartId' FROM event ORDER BY 1"))
        .containsExactly("c1", "c2");
  }

  @Test
  void a_batch_repeated_under_its_key_stores_only_what_is_missing() {
    String whole = carts(1, 900);
    lines(intake.accept(CART, bytes(carts(1, 400)), "night-1"));

    List<BatchAnswer.Line> again = lines(intake.accept(CART, bytes(whole), "night-1"));
    List<BatchAnswer.Line> changed = lines(intake.accept(CART, bytes(carts(2, 900)), "night-1"));

    assertThat(count(again, IntakeAnswer.Replayed.class)).isEqualTo(400);
    assertThat(count(again, IntakeAnswer.Accepted.class)).isEqualTo(500);
    assertThat(count(changed, IntakeAnswer.Conflict.class)).isEqualTo(899);
    assertThat(texts("SELECT count(*)::text FROM event")).containsExactly("900");
  }

  @Test
  void the_key_of_a_batch_is_no_intent_to_send_a_document_twice() {
    String body = invoice("INV-1") + "\n" + invoice("INV-1") + "\n";

    assertThat(kinds(lines(intake.accept(INVOICE, bytes(body), "night-1"))))
        .containsExactly("1 Accepted", "2 Duplicate");
    assertThat(kinds(lines(intake.accept(INVOICE, bytes(body), "night-1"))))
        .containsExactly("1 Replayed", "2 Duplicate");
    assertThat(
            kinds(
                lines(
                    intake.accept(
                        INVOICE, bytes(keyed(invoice("INV-1"), "once more")), "night-2"))))
        .containsExactly("1 Accepted");
  }

  @Test
  void one_line_the_database_refuses_spoils_no_other() {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "ALTER TABLE event ADD CONSTRAINT refused CHECK (payload->>'cartId' <> 'c333')"));

    List<BatchAnswer.Line> answers = lines(intake.accept(CART, bytes(carts(1, 600)), null));

    assertThat(count(answers, IntakeAnswer.Accepted.class)).isEqualTo(599);
    assertThat(answers.get(332).answer()).isInstanceOf(IntakeAnswer.Unavailable.class);
    assertThat(texts("SELECT count(*)::text FROM event")).containsExactly("599");
  }

  @Test
  void when_the_database_goes_away_what_was_answered_before_is_stored() {
    jdbi.useHandle(
        handle -> {
          handle.execute(
              """
              CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
              BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$""");
          handle.execute(
              """
              CREATE TRIGGER full_disk BEFORE INSERT ON event FOR EACH ROW
              WHEN (NEW.payload->>'cartId' = 'c700') EXECUTE FUNCTION full_disk()""");
        });

    List<BatchAnswer.Line> answers = lines(intake.accept(CART, bytes(carts(1, 1_200)), "night-1"));

    assertThat(answers.subList(0, 500))
        .allMatch(each -> each.answer() instanceof IntakeAnswer.Accepted);
    assertThat(answers.subList(500, 1_200))
        .allMatch(each -> each.answer() instanceof IntakeAnswer.Unavailable);
    assertThat(texts("SELECT count(*)::text FROM event")).containsExactly("500");
  }

  @Test
  void ten_thousand_lines_are_taken_and_one_more_refuses_all() {
    BatchAnswer tooMany = intake.accept(CART, bytes(carts(1, BatchIntake.LINES_MAX + 1)), null);
    assertThat(tooMany).isEqualTo(new BatchAnswer.TooMany(10_000));
    assertThat(texts("SELECT count(*)::text FROM event")).containsExactly("0");

    List<BatchAnswer.Line> most =
        lines(intake.accept(CART, bytes(carts(1, BatchIntake.LINES_MAX)), null));
    assertThat(count(most, IntakeAnswer.Accepted.class)).isEqualTo(10_000);
    assertThat(texts("SELECT count(DISTINCT payload->>'cartId')::text FROM event"))
        .containsExactly("10000");
  }

  @Test
  void a_batch_without_a_line_a_type_or_a_usable_key_is_refused_as_a_whole() {
    assertThat(intake.accept(CART, bytes(" \n\n"), null)).isInstanceOf(BatchAnswer.Refused.class);
    assertThat(intake.accept("EVTnone", bytes(cart(1)), null))
        .isEqualTo(new BatchAnswer.Refused(new IntakeAnswer.UnknownType("EVTnone")));
    assertThat(intake.accept(CART, bytes(cart(1)), "k".repeat(201)))
        .isInstanceOf(BatchAnswer.Refused.class);
    assertThat(
            kinds(
                lines(
                    intake.accept(
                        CART,
                        bytes(
                            cart(1).replace("{\"email\"", "{\"idempotencyKey\":7,\"email\"")
                                + "\n"
                                + keyed(cart(2), " ")),
                        null))))
        .containsExactly("1 Invalid", "2 Invalid");
    assertThat(texts("SELECT count(*)::text FROM event")).containsExactly("0");
  }

  @Test
  void more_batches_than_allowed_are_told_to_come_again() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    InstantSource held =
        () -> {
          inside.countDown();
          try {
            assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Instant.parse("2026-11-21T12:00:00Z");
        };
    BatchIntake one = intake(held, Map.of("events.batches-max", "1"));
    ExecutorService client = Executors.newSingleThreadExecutor();
    try {
      Future<BatchAnswer> first = client.submit(() -> one.accept(CART, bytes(cart(1)), null));
      assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(one.accept(CART, bytes(cart(2)), null)).isEqualTo(new BatchAnswer.Busy());

      goOn.countDown();
      assertThat(kinds(lines(first.get(20, TimeUnit.SECONDS)))).containsExactly("1 Accepted");
      assertThat(kinds(lines(one.accept(CART, bytes(cart(2)), null))))
          .containsExactly("1 Accepted");
    } finally {
      goOn.countDown();
      client.shutdownNow();
    }
  }

  private static List<BatchAnswer.Line> lines(BatchAnswer answer) {
    assertThat(answer).isInstanceOf(BatchAnswer.Lines.class);
    return ((BatchAnswer.Lines) answer).lines();
  }

  private static List<String> kinds(List<BatchAnswer.Line> lines) {
    return lines.stream()
        .map(each -> each.number() + " " + each.answer().getClass().getSimpleName())
        .toList();
  }

  private static long count(List<BatchAnswer.Line> lines, Class<? extends IntakeAnswer> kind) {
    return lines.stream().filter(each -> kind.isInstance(each.answer())).count();
  }

  private static String carts(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(BatchIntakeTest::cart)
        .collect(Collectors.joining("\n"));
  }

  private static String cart(int number) {
    return "{\"email\":\"c%d@example.com\",\"ctx\":{\"cartId\":\"c%d\"}}".formatted(number, number);
  }

  private static String invoice(String document) {
    ObjectNode body = (ObjectNode) messages.published(INVOICE).orElseThrow().sample();
    body.remove(List.of("scheduled", "expiration"));
    body.withObjectProperty("document").put("id", document);
    return body.toString();
  }

  private static String keyed(String body, String key) {
    return body.replaceFirst("\\{", "{\"idempotencyKey\":\"" + key + "\",");
  }

  private static byte[] line(String text) {
    return bytes(text + "\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> texts(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private BatchIntake intake(InstantSource clock, Map<String, String> settings) {
    return new EventsModule(
            EventsConfig.from(Settings.of(settings)),
            new EventsModule.Needs(
                jdbi,
                clock,
                messages,
                new Queue(jdbi, clock, DeliveryConfig.from(Settings.of(Map.of()))),
                new AddressBook(
                    jdbi, InstantSource.system(), QuarantineConfig.from(Settings.of(Map.of()))),
                "retour.test"))
        .batches();
  }
}
