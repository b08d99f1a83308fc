package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the ERP knows comes to an event that names a customer only. */
class EnrichmentTest {
  private static final String TYPE = EnrichedRoom.TYPE;
  private static final String SUBJECT = "Hello [=ctx.customer.name!\"you\"]";

  @TempDir Path folder;
  private EnrichedRoom room;

  @BeforeEach
  void open() {
    room = new EnrichedRoom(folder);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private static String event(String policy) {
    return """
    fields:
      - {id: customerId, type: integer, required: true}
    enrichment:
      - id: customer
        source: erp
        sql: SELECT name, shop FROM customer WHERE id = :customerId
        %s
        fields:
          - {id: name, type: string, required: true, maxLength: 20}
          - {id: shop, type: url, domains: [shop.example]}
    """
        .formatted(policy);
  }

  private static String policy(String ifMissing) {
    return "ifMissing: "
        + ifMissing
        + (ifMissing.equals("wait") ? "\n    waitUpTo: 1h\n    every: 30s" : "");
  }

  private void published(String policy) {
    room.write(TYPE, SUBJECT, event(policy(policy))).publish(TYPE);
  }

  private IntakeAnswer post(int customer) {
    return room.post(
        TYPE, "{\"email\":\"a@example.com\",\"ctx\":{\"customerId\":%d}}".formatted(customer));
  }

  @ParameterizedTest
  @CsvSource({"fail", "empty", "wait"})
  void one_row_fills_the_mail_and_is_kept_with_the_event(String policy) {
    published(policy);
    assertThat(room.settled(post(1)).status()).isEqualTo("processing");
    assertThat(room.subjects()).containsExactly("Hello Anna");
    assertThat(room.one("SELECT enriched #>> '{customer,name}' FROM event")).isEqualTo("Anna");
  }

  @ParameterizedTest
  @CsvSource({"fail", "empty", "wait"})
  void several_rows_are_an_error_whatever_else_is_said(String policy) {
    published(policy);
    room.erp("INSERT INTO customer SELECT * FROM customer");
    EventView view = room.settled(post(1));
    assertThat(view.status()).isEqualTo("targetingFailed");
    assertThat(view.because())
        .isEqualTo(
            "Enrichment customer: the source erp has several rows for customerId=1; which one is"
                + " meant cannot be told.");
    assertThat(room.subjects()).isEmpty();
  }

  @Test
  void without_a_row_it_fails() {
    published("fail");
    EventView view = room.settled(post(7));
    assertThat(view.status()).isEqualTo("targetingFailed");
    assertThat(view.because())
        .isEqualTo("Enrichment customer: the source erp has nothing for customerId=7.");
  }

  @Test
  void while_its_message_is_paused_nothing_fails_and_what_was_repaired_counts() {
    published("fail");
    IntakeAnswer posted = post(7);
    room.pause(TYPE);
    assertThat(room.settled(posted).status()).isEqualTo("paused");
    room.write(TYPE, SUBJECT, event(policy("empty"))).resume(TYPE);
    assertThat(room.settled(posted).status()).isEqualTo("processing");
    assertThat(room.subjects()).containsExactly("Hello you");
  }

  @Test
  void without_a_row_the_mail_goes_without_the_values() {
    published("empty");
    assertThat(room.settled(post(7)).status()).isEqualTo("processing");
    assertThat(room.subjects()).containsExactly("Hello you");
  }

  @Test
  void without_a_row_it_waits_until_there_is_one_and_that_is_no_try() {
    published("wait");
    IntakeAnswer posted = post(7);
    EventView view = room.said(posted);
    assertThat(view.status()).isEqualTo("pending");
    assertThat(view.because())
        .startsWith(
            "Enrichment customer: the source erp has nothing for customerId=7. It is waited");
    assertThat(view.dueAt()).isEqualTo(room.clock.instant().plusSeconds(30));
    assertThat(room.one("SELECT tries FROM event")).isEqualTo("0");

    room.erp("INSERT INTO customer VALUES (7, 'Gert')");
    room.process();
    assertThat(room.view(posted).status()).as("not before").isEqualTo("pending");
    room.clock.tick(Duration.ofSeconds(30));
    assertThat(room.settled(posted).status()).isEqualTo("processing");
    assertThat(room.subjects()).containsExactly("Hello Gert");
  }

  @Test
  void it_does_not_wait_for_ever() {
    published("wait");
    IntakeAnswer posted = post(7);
    room.said(posted);
    room.clock.tick(Duration.ofMinutes(59).plusSeconds(50));
    room.until(posted, view -> view.dueAt() != null && view.dueAt().isAfter(room.clock.instant()));
    room.clock.tick(Duration.ofSeconds(10));
    EventView view = room.settled(posted);
    assertThat(view.status()).isEqualTo("targetingFailed");
    assertThat(view.because()).contains("nothing for customerId=7. It was waited for since");
  }

  @Test
  void a_source_that_is_away_holds_the_event_visibly_and_it_goes_on() {
    published("fail");
    room.erpIs(false);
    IntakeAnswer posted = post(1);
    EventView view = room.said(posted);
    assertThat(view.status()).isEqualTo("pending");
    assertThat(view.because()).contains("The source erp does not answer", "It is tried again at");
    for (int i = 0; i < 8; i++) { // however often: a minute later at most
      room.clock.tick(Duration.ofMinutes(1));
      room.until(posted, now -> now.dueAt() != null && now.dueAt().isAfter(room.clock.instant()));
    }
    room.erpIs(true);
    room.clock.tick(Duration.ofMinutes(1));
    room.until(
        posted,
        now -> {
          room.clock.tick(Duration.ofMinutes(1));
          return now.status().equals("processing");
        });
    assertThat(room.subjects()).containsExactly("Hello Anna");
  }

  @Test
  void a_slow_source_does_not_hold_up_other_events() {
    room.sources.replace(
        List.of(
            room.source("erp", Duration.ofSeconds(10)),
            room.source("slow", Duration.ofSeconds(5))));
    published("fail");
    room.erp("CREATE FUNCTION slow(int) RETURNS text LANGUAGE sql AS 'SELECT pg_sleep(60)::text'");
    String slow = event("").replace("source: erp", "source: slow");
    room.write("EVTslow", SUBJECT, slow.replace("SELECT name", "SELECT slow(id) AS name"))
        .publish("EVTslow");
    room.write("EVTplain", "Plain", "fields: []\n").publish("EVTplain");
    for (int i = 0; i < 6; i++) {
      room.post("EVTslow", "{\"email\":\"a@example.com\",\"ctx\":{\"customerId\":1}}");
    }
    IntakeAnswer enriched = post(1);
    IntakeAnswer plain = room.post("EVTplain", "{\"email\":\"b@example.com\",\"ctx\":{}}");
    long begun = System.nanoTime();
    assertThat(room.settled(enriched).status()).isEqualTo("processing");
    assertThat(room.settled(plain).status()).isEqualTo("processing");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    assertThat(
            room.one("SELECT count(*) FROM event WHERE event_type = 'EVTslow' AND due_at > now()"))
        .isNotNull();
  }

  @Test
  void values_pass_the_checks_of_fields_and_what_is_wrong_is_said() {
    published("fail");
    room.erp("INSERT INTO customer VALUES (2, repeat('x', 21)), (3, NULL), (4, 'Eve')");
    room.erp("UPDATE customer SET shop = 'https://evil.example/' WHERE id = 4");
    assertThat(room.settled(post(2)).because())
        .contains("/customer/name: expected a text of at most 20 characters, found 21");
    assertThat(room.settled(post(3)).because())
        .contains("/customer/name: expected a value; it is required, found nothing");
    assertThat(room.settled(post(4)).because()).contains("/customer/shop", "shop.example");
    assertThat(room.subjects()).isEmpty();
  }

  @Test
  void what_was_asked_once_is_not_asked_again_unless_another_version_is_in_force() {
    published("fail");
    IntakeAnswer posted = post(1);
    room.process();
    dev.retour.support.Await.until(
        "the values", () -> room.one("SELECT count(enriched) FROM event").equals("1"));
    room.erp("UPDATE customer SET name = 'Berta'");
    assertThat(room.settled(posted).version()).isEqualTo(1);
    assertThat(room.subjects()).containsExactly("Hello Anna");

    IntakeAnswer second = post(1);
    room.process();
    dev.retour.support.Await.until(
        "the values", () -> room.one("SELECT count(enriched) FROM event").equals("2"));
    room.erp("UPDATE customer SET name = 'Cora'");
    room.write(TYPE, "Dear [=ctx.customer.name]", event("")).publish(TYPE);
    assertThat(room.settled(second).version()).isEqualTo(2);
    assertThat(room.subjects()).containsExactly("Dear Cora", "Hello Anna");
  }
}
