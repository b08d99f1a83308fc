package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.retour.config.Settings;
import dev.retour.events.EventProcessor;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.events.IntakeAnswer;
import dev.retour.messages.FolderMessages;
import dev.retour.quarantine.AddressState;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that were accepted and become no mail: the ERP hears of each once. */
class EndedEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "EVTinvoiceIssued";

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final ErpEndpoint erp = new ErpEndpoint();
  private final CallbackFixture it =
      new CallbackFixture(jdbi, clock, clock, Map.of("callback.url", erp.url()));
  private final SimpleRegistry beans = new SimpleRegistry();
  private EventsModule events;

  @BeforeEach
  void open() {
    events =
        new EventsModule(
            EventsConfig.from(Settings.of(Map.of())),
            new EventsModule.Needs(
                jdbi,
                clock,
                FolderMessages.shipped(),
                it.house.module.queue(),
                it.house.addresses,
                "retour.test"));
    events.bind(beans);
  }

  @AfterEach
  void close() {
    it.close();
    erp.close();
  }

  @Test
  void each_end_without_a_mail_is_told_with_its_reason_and_a_mail_is_none() throws IOException {
    post("INV-1", "anna@example.com");
    post("INV-2", "nobody@example.com");
    post("INV-3", "bert@example.com");
    jdbi.useHandle(
        h ->
            h.execute(
                "UPDATE event SET email = NULL, email_key = NULL WHERE document_id = 'INV-2'"));
    it.house.addresses.set("bert@example.com", AddressState.DENYLISTED, "olga", "asked for it");
    process();
    post("INV-4", "bert@example.com"); // the answer says so at once
    post("INV-5", "anna@example.com");
    tellAll();
    clock.tick(Duration.ofDays(6));
    process();
    process();
    tellAll();

    assertThat(facts("event.ended"))
        .extracting(
            data -> data.path("document").asText() + " " + data.path("state").asText(),
            data -> data.path("recipients").toString())
        .containsExactlyInAnyOrder(
            tuple("INV-2 targetingFailed", "[]"),
            tuple("INV-3 ignored", "[\"bert@example.com\"]"),
            tuple("INV-5 tooOld", "[\"anna@example.com\"]"));
    assertThat(facts("event.ended"))
        .allSatisfy(
            data -> {
              assertThat(data.path("text").asText()).endsWith(".");
              assertThat(data.path("eventId").asText()).hasSize(36);
              assertThat(data.path("eventType").asText()).isEqualTo(TYPE);
              assertThat(data.path("packages")).isEmpty();
            });
    assertThat(facts("event.ended"))
        .filteredOn(data -> data.path("state").asText().equals("ignored"))
        .extracting(data -> data.path("reason").asInt())
        .containsExactly(8);
  }

  private void post(String document, String email) {
    ObjectNode body = (ObjectNode) FolderMessages.shipped().published(TYPE).orElseThrow().sample();
    body.remove(List.of("scheduled", "expiration", "cc", "bcc"));
    body.put("email", email);
    body.withObjectProperty("document").put("id", document);
    assertThat(events.intake().accept(TYPE, body.toString().getBytes(StandardCharsets.UTF_8), null))
        .isInstanceOf(IntakeAnswer.Accepted.class);
  }

  private void tellAll() {
    int told;
    do {
      told = it.tellDue();
    } while (told > 0);
  }

  private void process() {
    Objects.requireNonNull(beans.lookupByNameAndType("eventProcessor", EventProcessor.class))
        .processDue();
  }

  /** The data of those of a type; each fits the schema. */
  private List<JsonNode> facts(String type) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(Path.of("docs/callback.schema.json")));
    List<JsonNode> bodies = new ArrayList<>();
    for (ErpEndpoint.Received got : erp.received()) {
      JsonNode body = JSON.readTree(got.body());
      assertThat(schema.validate(body)).isEmpty();
      bodies.add(body);
    }
    return bodies.stream()
        .filter(body -> body.path("type").asText().equals(type))
        .map(body -> body.path("data"))
        .toList();
  }
}
