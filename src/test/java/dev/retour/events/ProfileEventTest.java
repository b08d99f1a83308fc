package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.quarantine.AddressState;
import dev.retour.quarantine.GateRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client names a customer; who that is, the ERP says. */
class ProfileEventTest {
  private static final String TYPE = EnrichedRoom.TYPE;
  private static final String EVENT =
      """
      fields:
        - {id: customerId, type: integer, required: true}
      document: {required: false}
      enrichment:
        - id: customer
          source: erp
          sql: SELECT name, email FROM customer WHERE id = :customerId
          fields:
            - {id: name, type: string}
            - {id: email, type: e-mail, required: true}
      recipient: {enrichment: customer, field: email}
      """;

  @TempDir Path folder;
  private EnrichedRoom room;

  @BeforeEach
  void open() {
    room = new EnrichedRoom(folder);
    room.write(TYPE, "Hello [=ctx.customer.name!email]", EVENT).publish(TYPE);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private IntakeAnswer post(int customer, String document) {
    String about = document.isEmpty() ? "" : ",\"document\":{\"id\":\"" + document + "\"}";
    return room.post(TYPE, "{\"ctx\":{\"customerId\":" + customer + "}" + about + "}");
  }

  @Test
  void the_recipient_is_not_known_and_then_it_is() {
    IntakeAnswer posted = post(1, "");
    EventView before = room.view(posted);
    assertThat(before.email()).isNull();
    assertThat(EventJson.of(before).path("recipient").asText()).isEqualTo("not known yet");
    assertThat(EventJson.of(before).has("email")).isFalse();

    EventView after = room.settled(posted);
    assertThat(after.status()).isEqualTo("processing");
    assertThat(after.email()).isEqualTo("anna@example.com");
    assertThat(room.one("SELECT recipient FROM work_package")).isEqualTo("anna@example.com");
    assertThat(room.subjects()).containsExactly("Hello Anna");
    EventFilter anna = EventFilter.of(Map.of("recipient", "Anna@example.com"));
    assertThat(room.log().list(anna, null, 10).events())
        .extracting(EventView::pkey)
        .containsExactly(after.pkey());
  }

  @Test
  void a_client_that_names_a_recipient_all_the_same_learns_its_mistake() {
    IntakeAnswer answer =
        room.post(TYPE, "{\"email\":\"x@example.com\",\"ctx\":{\"customerId\":1}}");
    assertThat(answer).isInstanceOf(IntakeAnswer.Invalid.class);
    assertThat(((IntakeAnswer.Invalid) answer).faults())
        .extracting(fault -> fault.pointer())
        .containsExactly("/email");
  }

  @Test
  void whom_nobody_knows_gets_nothing() {
    EventView nobody = room.settled(post(7, ""));
    assertThat(nobody.status()).isEqualTo("targetingFailed");
    assertThat(nobody.email()).isNull();
    room.erp("INSERT INTO customer VALUES (8, 'Ute', 'no address')");
    assertThat(room.settled(post(8, "")).because()).contains("/customer/email");
  }

  @Test
  void the_gate_is_asked_once_the_recipient_is_known() {
    room.addresses.set("anna@example.com", AddressState.DENYLISTED, "olga", "asked for it");
    EventView view = room.settled(post(1, ""));
    assertThat(view.status()).isEqualTo("ignored");
    assertThat(view.reason()).isEqualTo(8);
    assertThat(view.email()).isEqualTo("anna@example.com");
    assertThat(room.subjects()).isEmpty();
  }

  @Test
  void rules_of_the_gate_are_asked_about_the_recipient_once_it_is_known() throws IOException {
    Path rules =
        Files.writeString(
            folder.resolve("x.rules.yaml"),
            """
            exclusions:
              - id: blocked
                messages: EVTtest
                source: erp
                because: The customer is blocked.
                sql: SELECT 1 FROM blocked WHERE email = :email
            """);
    room.erp("CREATE TABLE blocked (email text)")
        .erp("INSERT INTO blocked VALUES ('anna@example.com')")
        .erp("INSERT INTO customer VALUES (2, 'Bert', 'bert@example.com')");
    room.addresses.gate().replace(GateRules.load(rules));
    EventView view = room.settled(post(1, ""));
    assertThat(view.status()).isEqualTo("ignored");
    assertThat(view.reason()).isEqualTo(11);
    assertThat(room.settled(post(2, "")).status()).isEqualTo("processing");
    assertThat(room.subjects()).containsExactly("Hello Bert");
  }

  @Test
  void the_same_document_for_the_same_customer_is_sent_once() {
    room.erp("INSERT INTO customer VALUES (2, 'Bert', 'bert@example.com')");
    IntakeAnswer first = post(1, "INV-1");
    assertThat(post(1, "INV-1")).isInstanceOf(IntakeAnswer.Duplicate.class);
    assertThat(post(2, "INV-1")).isInstanceOf(IntakeAnswer.Accepted.class);
    room.settled(first);
    assertThat(post(1, "INV-1")).isInstanceOf(IntakeAnswer.Duplicate.class);
    assertThat(room.settled(post(9, "INV-2")).status()).isEqualTo("targetingFailed");
    assertThat(post(9, "INV-2")).as("none was sent").isInstanceOf(IntakeAnswer.Accepted.class);
  }

  @Test
  void the_event_waits_for_its_recipient_across_a_version_that_takes_it_from_the_event() {
    room.erpIs(false);
    IntakeAnswer posted = post(1, "");
    room.said(posted);
    String plain = EVENT.substring(0, EVENT.indexOf("document:"));
    room.write(TYPE, "Hello", plain).publish(TYPE);
    room.clock.tick(java.time.Duration.ofMinutes(1));
    EventView view = room.settled(posted);
    assertThat(view.status()).isEqualTo("targetingFailed");
    assertThat(view.because()).startsWith("It came without a recipient");
    room.erpIs(true);
  }
}
