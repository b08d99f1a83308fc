package dev.retour.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.delivery.GateFixture;
import dev.retour.messages.FolderMessages;
import dev.retour.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The quick answer when an event comes in, and duplicates, which are told by events. */
class GateAtAcceptanceTest {
  private static final String CART = "EVTcartAbandonment";

  private final GateFixture gate = new GateFixture();
  private final EventsFixture it = new EventsFixture(gate.house);

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void an_event_whose_mail_a_rule_keeps_back_is_answered_so_at_once() throws Exception {
    TestDatabase.Named erp = TestDatabase.named();
    erp.jdbi().useHandle(h -> h.execute("CREATE TABLE blocked (email text)"));
    erp.jdbi().useHandle(h -> h.execute("INSERT INTO blocked VALUES ('bert@example.com')"));
    gate.house.sources.erp(erp.url());
    gate.inForce(
        "exclusions:",
        "  - {id: blocked, messages: EVTcartAbandonment, source: erp, because: x,",
        "     sql: SELECT 1 FROM blocked WHERE email = :email}",
        "caps: [{id: one, messages: '*', per: recipient, most: 1, within: 7d, because: x}]");
    assertThat(status(cart("bert@example.com", 1))).isEqualTo("ignored");
    assertThat(reason("bert@example.com")).isEqualTo(11);
    assertThat(status(cart("anna@example.com", 1))).isEqualTo("pending");
    it.process();
    gate.house.sendDue();
    assertThat(gate.sink.taken()).hasSize(1);
    assertThat(status(cart("anna@example.com", 2))).isEqualTo("ignored");
    assertThat(reason("anna@example.com")).isEqualTo(12);

    ObjectNode later = cart("anna@example.com", 3);
    later.put("scheduled", gate.clock.instant().plus(Duration.ofDays(9)).toString());
    assertThat(status(later)).as("it may go then").isEqualTo("pending");

    gate.house.sources.away("erp", true);
    assertThat(status(cart("bert@example.com", 4))).as("nobody knows").isEqualTo("pending");
    it.process();
    gate.house.sendDue();
    assertThat(gate.sink.taken()).as("it waits for its source").hasSize(1);
  }

  @Test
  void the_same_mail_goes_once_in_its_time() {
    gate.inForce("duplicates: [{id: twice, messages: '*', within: 1d, because: Once is enough.}]");
    ObjectNode first = cart("anna@example.com", 1);
    assertThat(status(first)).isEqualTo("pending");
    assertThat(status(first)).as("none was sent yet").isEqualTo("pending");
    assertThat(status(cart("anna@example.com", 2))).as("another cart").isEqualTo("pending");
    it.process();
    gate.house.sendDue();
    assertThat(gate.sink.taken()).hasSize(2);
    assertThat(it.count("work_package WHERE state = 'cancelled' AND failure_reason = 10")).isOne();
    assertThat(status(first)).as("told at once").isEqualTo("ignored");
    assertThat(reason("anna@example.com")).isEqualTo(10);
    ObjectNode bert = first.deepCopy().put("email", "bert@example.com");
    assertThat(status(bert)).as("another recipient").isEqualTo("pending");
    gate.clock.tick(Duration.ofHours(25));
    assertThat(status(first)).as("long ago").isEqualTo("pending");
  }

  private static ObjectNode cart(String email, int number) {
    ObjectNode body = (ObjectNode) FolderMessages.shipped().published(CART).orElseThrow().sample();
    body.remove(java.util.List.of("scheduled", "expiration"));
    body.put("email", email);
    body.withObjectProperty("ctx").put("firstName", "Anna" + number);
    return body;
  }

  private String status(ObjectNode body) {
    IntakeAnswer answer =
        it.events.intake().accept(CART, body.toString().getBytes(StandardCharsets.UTF_8), null);
    assertThat(answer).isInstanceOf(IntakeAnswer.Accepted.class);
    return ((IntakeAnswer.Accepted) answer).status();
  }

  private int reason(String email) {
    return gate.jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT reason FROM event WHERE email = :email AND reason IS NOT NULL"
                        + " ORDER BY received_at DESC, id LIMIT 1")
                .bind("email", email)
                .mapTo(Integer.class)
                .one());
  }
}
