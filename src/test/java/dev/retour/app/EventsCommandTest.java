package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Queue;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.events.IntakeAnswer;
import dev.retour.messages.MessageOrder;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where events are, as an operator asks for them beside a running store. */
class EventsCommandTest {
  private static final String INVOICE = "EVTinvoiceIssued";
  private static final String CART = "EVTcartAbandonment";

  @TempDir Path dir;
  private Terminal terminal = new Terminal(Path.of(""));

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(dir);
  }

  /** The rooms of a running engine, with the shipped messages in force. */
  private static final class House {
    private final MessagesModule messages;
    private final EventsModule events;

    House(Jdbi jdbi) {
      Settings settings = Settings.of(Map.of());
      InstantSource clock = InstantSource.system();
      messages = new MessagesModule(MessagesConfig.from(settings), jdbi, clock, clock);
      messages.saved().publishFirst();
      events =
          new EventsModule(
              EventsConfig.from(settings),
              new EventsModule.Needs(
                  jdbi,
                  clock,
                  messages.messages(),
                  new Queue(jdbi, clock, DeliveryConfig.from(settings)),
                  new AddressBook(jdbi, clock, QuarantineConfig.from(settings)),
                  "retour.example"));
    }

    ObjectNode sample(String type) {
      return (ObjectNode) messages.messages().published(type).orElseThrow().sample();
    }

    IntakeAnswer post(String type, ObjectNode body, @Nullable String key) {
      return events.intake().accept(type, body.toString().getBytes(StandardCharsets.UTF_8), key);
    }
  }

  private static UUID accepted(IntakeAnswer answer) {
    assertThat(answer).isInstanceOf(IntakeAnswer.Accepted.class);
    return ((IntakeAnswer.Accepted) answer).pkey();
  }

  @Test
  void an_operator_lists_events_looks_at_one_and_at_their_types() throws Exception {
    try (Database database = terminal.store()) {
      House house = new House(database.jdbi());
      ObjectNode invoice = house.sample(INVOICE).put("email", "anna@example.com");
      invoice.withObjectProperty("document").put("id", "INV-4711");
      UUID first = accepted(house.post(INVOICE, invoice, null));
      List<UUID> carts = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        ObjectNode cart = house.sample(CART).put("email", "berta@example.com");
        carts.add(accepted(house.post(CART, cart, null)));
      }

      assertThat(run("list")).isZero();
      assertThat(terminal.out())
          .contains(first.toString(), "pending", "anna@example.com", "4 of 4 events looked at.");
      assertThat(run("list", "--type", INVOICE, "--document", "INV-4711")).isZero();
      assertThat(terminal.out()).contains(first.toString()).doesNotContain(CART);
      assertThat(run("list", "--recipient", "BERTA@example.com", "--status", "pending,paused"))
          .isZero();
      assertThat(terminal.out()).contains(carts.get(0).toString()).doesNotContain(INVOICE);
      assertThat(run("list", "--until", "2020-01-01T00:00:00Z")).isZero();
      assertThat(terminal.out()).contains("0 of 0 events looked at.");

      assertThat(run("list", "--limit", "3", "--json")).isZero();
      JsonNode page = JsonMapper.builder().build().readTree(terminal.out());
      assertThat(page.get("events")).hasSize(3);
      assertThat(run("list", "--after", page.get("next").asText())).isZero();
      assertThat(terminal.out()).contains(first.toString()).doesNotContain(CART);

      assertThat(run("show", first.toString())).isZero();
      assertThat(terminal.out()).contains("document INV-4711", "package  -", "version  -");
      assertThat(run("show", first.toString(), "--json")).isZero();
      assertThat(terminal.out()).contains("\"documentId\" : \"INV-4711\"", "\"because\"");
      byStatus(first, carts, database.jdbi());
      unreadable();
      types(first, database.jdbi());
    }
  }

  /** Several statuses, page by page. */
  private void byStatus(UUID invoice, List<UUID> carts, Jdbi jdbi) throws Exception {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE event SET status = 'tooOld', due_at = NULL WHERE id = ?", invoice));
    assertThat(run("list", "--status", "tooOld,ignored")).isZero();
    assertThat(terminal.out())
        .contains(invoice.toString(), "tooOld", "1 of 4 events looked at.")
        .doesNotContain(CART);
    assertThat(run("list", "--status", "processed")).isZero();
    assertThat(terminal.out()).contains("0 of 4 events looked at.");

    List<String> pending = new ArrayList<>();
    String after = "";
    do {
      String[] words = {"list", "--status", "pending", "--limit", "2", "--json", "--after", after};
      assertThat(run(after.isEmpty() ? Arrays.copyOf(words, words.length - 2) : words)).isZero();
      JsonNode page = JsonMapper.builder().build().readTree(terminal.out());
      page.get("events").forEach(event -> pending.add(event.get("pkey").asText()));
      after = page.path("next").asText();
    } while (!after.isEmpty());
    assertThat(pending)
        .containsExactlyInAnyOrderElementsOf(carts.stream().map(UUID::toString).toList());
  }

  /** What the types of events are, and of which nothing came. */
  private void types(UUID invoice, Jdbi jdbi) {
    jdbi.useHandle(handle -> handle.execute("DELETE FROM event WHERE id = ?", invoice));
    assertThat(run("types")).isZero();
    assertThat(terminal.out())
        .contains(CART, INVOICE, "published", "version 1", "newest event", "no event yet");
    assertThat(run("types", "--silent-days", "3")).isZero();
    assertThat(terminal.out()).contains(INVOICE).doesNotContain(CART);
    assertThat(run("types", "--json")).isZero();
    assertThat(terminal.out()).contains("\"eventTypes\"", "\"newestEventAt\"");
  }

  @Test
  void refused_events_are_found_again() throws Exception {
    try (Database database = terminal.store()) {
      House house = new House(database.jdbi());
      ObjectNode invoice = house.sample(INVOICE).put("email", "anna@example.com");
      invoice.withObjectProperty("document").put("id", "INV-1");
      ObjectNode cart = house.sample(CART).put("email", "berta@example.com");
      house.messages.lifecycle().unpublish(new MessageOrder(INVOICE, "Ann", "season over"));
      house.messages.lifecycle().unpublish(new MessageOrder(CART, "Ann", "season over"));
      assertThat(run("refused")).isZero();
      assertThat(terminal.out()).contains("0 refused events");
      IntakeAnswer refused = house.post(INVOICE, invoice, "order-1");
      assertThat(refused).isInstanceOf(IntakeAnswer.NotPublished.class);
      house.post(CART, cart, null);

      assertThat(run("refused")).isZero();
      assertThat(terminal.out()).contains("410", INVOICE, CART, "INV-1", "not published");
      assertThat(run("refused", "--type", INVOICE, "--recipient", "Anna@example.com")).isZero();
      assertThat(terminal.out()).contains("1 refused events").doesNotContain(CART);
      assertThat(run("refused", "--document", "INV-2")).isZero();
      assertThat(terminal.out()).contains("0 refused events");
      assertThat(
              run("refused", "--from", "2020-01-01T00:00:00Z", "--until", "2020-01-02T00:00:00Z"))
          .isZero();
      assertThat(terminal.out()).contains("0 refused events");

      assertThat(run("refused", "--json", "--limit", "1")).isZero();
      JsonNode page = JsonMapper.builder().build().readTree(terminal.out());
      assertThat(page.at("/refusals/0/eventType").asText()).isEqualTo(CART);
      assertThat(run("refused", "--json", "--after", page.get("next").asText())).isZero();
      JsonNode last = JsonMapper.builder().build().readTree(terminal.out());
      assertThat(last.at("/refusals/0/idempotencyKey").asText()).isEqualTo("order-1");
      assertThat(last.at("/refusals/0/answer").asInt()).isEqualTo(410);
      assertThat(last.has("next")).isFalse();
    }
  }

  /** One sentence for each. */
  private void unreadable() {
    assertThat(run("list", "--status", "lost")).isNotZero();
    assertThat(terminal.out()).contains("There is no status lost");
    assertThat(run("list", "--after", "x")).isNotZero();
    assertThat(terminal.out()).contains("after is what next said");
    assertThat(run("refused", "--after", "x")).isNotZero();
    assertThat(terminal.out()).contains("after is what next said");
    assertThat(run("refused", "--recipient", "nobody")).isNotZero();
    assertThat(terminal.out()).contains("no mail address");
    UUID none = new UUID(0, 0);
    assertThat(run("show", none.toString())).isEqualTo(1);
    assertThat(terminal.out()).contains("There is no event " + none);
  }

  @Test
  void without_an_engine_it_says_so_in_one_sentence() {
    assertThat(run("list")).isNotZero();
    assertThat(terminal.out()).contains("is ./retour up running?").doesNotContain("Exception");
  }

  private int run(String... words) {
    return terminal.beside("events", words);
  }
}
