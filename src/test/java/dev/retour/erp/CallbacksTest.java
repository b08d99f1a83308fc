package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.retour.config.Settings;
import dev.retour.delivery.Callback;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.DigestConfig;
import dev.retour.delivery.ErrorDigest;
import dev.retour.delivery.Failure;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import dev.retour.delivery.RedeliveryRequest;
import dev.retour.mail.EmailAddress;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.ErpEndpoint.Received;
import dev.retour.support.ScriptedRelay;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the ERP is told, on a real database, over real SMTP and real HTTP. */
class CallbacksTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNKNOWN = "550 5.1.1 <anna@example.com>: User unknown";

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final ErpEndpoint erp = new ErpEndpoint();
  private final ScriptedRelay relay =
      new ScriptedRelay((connection, command) -> ScriptedRelay.well(command));
  private final List<CallbackFixture> open = new ArrayList<>();
  private final CallbackFixture it = fixture(Map.of());

  @AfterEach
  void close() {
    open.forEach(CallbackFixture::close);
    relay.close();
    erp.close();
  }

  @Test
  void a_refused_mail_is_told_once_with_all_that_is_known_and_a_signature_anybody_can_verify()
      throws Exception {
    refuses(UNKNOWN);
    long id = it.house.enqueue("anna@example.com");
    it.house.sendDue();

    assertThat(it.tellDue()).as("of the mail and of the address").isEqualTo(2);
    assertThat(it.tellDue()).isZero();

    assertThat(told()).containsExactly("address.quarantined", "mail.error");
    JsonNode body = body(1);
    JsonNode data = body.path("data");
    assertThat(body.path("timestamp").asText()).isEqualTo(clock.instant().toString());
    assertThat(data.path("packages")).containsExactly(JSON.getNodeFactory().numberNode((int) id));
    assertThat(data.path("recipients").get(0).asText()).isEqualTo("anna@example.com");
    assertThat(data.path("tenant").asText()).isEqualTo("tenant-1");
    assertThat(data.path("eventId").asText()).isEqualTo(it.house.column(id, "event_id"));
    assertThat(data.path("eventType").asText()).isEqualTo("EVTtest");
    assertThat(data.path("document").asText()).isEqualTo("INV-1");
    assertThat(data.path("state").asText()).isEqualTo("error");
    assertThat(data.path("failureType").asText()).isEqualTo("hard");
    assertThat(data.path("reason").asInt()).isEqualTo(Reason.USER_UNKNOWN.code());
    assertThat(data.path("text").asText()).isEqualTo(UNKNOWN);
    assertThat(body(0).path("data").path("sequence").asLong())
        .isLessThan(data.path("sequence").asLong());
    for (Received got : erp.received()) {
      assertThat(got.path()).isEqualTo("/retour?key=1");
      assertThat(StandardWebhook.verifies(got, CallbackFixture.SECRET, clock.instant())).isTrue();
      assertThat(schema().validate(JSON.readTree(got.body()))).isEmpty();
    }
    assertThat(it.states()).containsExactly("sent", "sent");
  }

  @Test
  void without_an_endpoint_nothing_is_written() {
    refuses(UNKNOWN);
    CallbackFixture silent = fixture(Map.of("callback.url", "", "delivery.node", "node-b"));
    silent.house.enqueue("anna@example.com");
    silent.house.sendDue();

    assertThat(silent.states()).isEmpty();
  }

  @Test
  void attempts_that_are_repeated_are_no_facts_and_the_end_of_validity_is_one() {
    refuses("451 4.7.1 Greylisted");
    it.house.enqueue(
        "anna@example.com", new RedeliveryRequest(null, 3, Duration.ofMinutes(1), null));
    for (int i = 0; i < 3; i++) {
      it.house.sendDue();
      clock.tick(Duration.ofMinutes(2));
    }
    tellAll();

    assertThat(told()).containsExactly("mail.expired");
    assertThat(body(0).path("data").path("text").asText()).contains("Greylisted");
  }

  @Test
  void what_waits_beyond_its_validity_is_told_when_the_queue_ends_it() {
    it.house.enqueue(
        "anna@example.com", new RedeliveryRequest(null, null, null, Duration.ofMinutes(5)));
    clock.tick(Duration.ofMinutes(6));
    it.house.sendDue();
    tellAll();

    assertThat(told()).containsExactly("mail.expired");
  }

  @Test
  void an_error_that_was_cleared_and_comes_back_is_another_fact() {
    refuses("554 5.6.0 Strange");
    long id = it.house.enqueue("anna@example.com");
    it.house.sendDue();
    it.house.module.desk().act(QueueOrder.of(QueueAction.CLEAR_ERROR, "olga"), id);
    it.house.sendDue();
    tellAll();

    assertThat(told().stream().filter("mail.error"::equals)).hasSize(2);
    assertThat(erp.received().stream().map(got -> got.header("webhook-id")).distinct())
        .hasSameSizeAs(erp.received());
  }

  @Test
  void what_a_person_does_is_told_and_good_news_follows_bad_news() {
    relay.says(
        (connection, command) ->
            command.equals(".") ? ScriptedRelay.CUT : ScriptedRelay.well(command));
    long known = it.house.enqueue("anna@example.com");
    it.house.sendDue();
    long unwanted = it.house.enqueue("berta@example.com");
    var desk = it.house.module.desk();
    desk.act(QueueOrder.of(QueueAction.CANCEL, "olga"), unwanted);
    desk.act(QueueOrder.of(QueueAction.SETTLE_SENT, "olga"), known);
    tellAll();

    assertThat(told())
        .containsExactlyInAnyOrder("mail.uncertain", "mail.cancelled", "mail.recovered");
    assertThat(told().indexOf("mail.uncertain")).isLessThan(told().indexOf("mail.recovered"));
  }

  @Test
  void a_mail_the_erp_heard_nothing_bad_about_is_told_as_sent_only_when_that_is_wanted() {
    it.house.enqueue("anna@example.com");
    it.house.sendDue();
    assertThat(it.states()).isEmpty();

    CallbackFixture curious =
        fixture(Map.of("callback.facts", "sent, error", "delivery.node", "node-b"));
    curious.house.enqueue("berta@example.com");
    curious.house.sendDue();
    tellAll();

    assertThat(told()).containsExactly("mail.sent");
  }

  @Test
  void a_missed_tell_after_an_error_and_a_late_bounce_are_told_once_each() {
    long late = late("anna@example.com");
    clock.tick(Duration.ofMinutes(15));
    digest().tell();
    digest().tell();
    it.house.sendDue();
    Failure failure = new Failure(FailureType.HARD, Reason.USER_UNKNOWN, UNKNOWN, "test");
    for (int i = 0; i < 2; i++) {
      jdbi.useTransaction(handle -> it.house.module.queue().bounced(handle, late, failure));
    }
    tellAll();

    assertThat(told()).containsExactly("mail.late", "mail.recovered", "mail.bounced");
    assertThat(body(2).path("data").path("text").asText()).isEqualTo(UNKNOWN);
    assertThat(body(2).path("data").path("state").asText()).isEqualTo("error");
  }

  @Test
  void a_change_that_is_undone_is_not_told() {
    long id = it.house.enqueue("anna@example.com");
    it.house.sendDue();
    Failure failure = new Failure(FailureType.HARD, Reason.USER_UNKNOWN, UNKNOWN, "test");
    jdbi.useTransaction(
        handle -> {
          it.house.module.queue().bounced(handle, id, failure);
          handle.rollback();
        });

    assertThat(it.states()).isEmpty();
    assertThat(it.house.column(id, "state")).isEqualTo("sent");
  }

  @Test
  void no_sender_of_mails_claims_a_callback_and_no_mail_is_told() {
    refuses(UNKNOWN);
    long mail = it.house.enqueue("anna@example.com");
    assertThat(it.tellDue()).isZero();
    it.house.sendDue();

    assertThat(it.house.module.queue().claim()).isEmpty();
    assertThat(it.house.module.queue().due(10)).isZero();
    assertThat(it.callbacks.open(10)).isEqualTo(2);
    assertThat(it.house.column(mail, "state")).isEqualTo("error");
  }

  @Test
  void two_sidecars_tell_each_fact_once() {
    refuses("554 5.6.0 Strange");
    for (int i = 0; i < 20; i++) {
      it.house.enqueue("a" + i + "@example.com");
    }
    it.house.sendDue();
    CallbackFixture other = fixture(Map.of("delivery.node", "node-b"));
    List<Callback> mine = it.callbacks.claim();
    List<Callback> theirs = other.callbacks.claim();
    mine.forEach(it.callbacks::tell);
    theirs.forEach(other.callbacks::tell);
    tellAll();

    assertThat(erp.received().stream().map(got -> got.header("webhook-id")).distinct())
        .hasSameSizeAs(erp.received());
    assertThat(it.states()).containsOnly("sent");
  }

  private ErrorDigest digest() {
    it.house.module.bindDigest(it.beans, DigestConfig.from(Settings.of(Map.of())));
    return it.beans.lookupByNameAndType("errorDigest", ErrorDigest.class);
  }

  private long late(String recipient) {
    long id = it.house.enqueue(EmailAddress.parse(recipient).orElseThrow().text());
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET tell_at = created_at + interval '15 minutes' WHERE id=?",
                id));
    return id;
  }

  private void refuses(String answer) {
    relay.says(
        (connection, command) -> command.startsWith("RCPT") ? answer : ScriptedRelay.well(command));
  }

  private void tellAll() {
    while (it.tellDue() > 0) {
      assertThat(erp.received()).hasSizeLessThan(1_000);
    }
  }

  private List<String> told() {
    return erp.received().stream().map(got -> json(got).path("type").asText()).toList();
  }

  private JsonNode body(int number) {
    return json(erp.received().get(number));
  }

  private static JsonNode json(Received got) {
    try {
      return JSON.readTree(got.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonSchema schema() throws IOException, GeneralSecurityException {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(Files.readString(Path.of("docs/callback.schema.json")));
  }

  private CallbackFixture fixture(Map<String, String> more) {
    Map<String, String> texts = new HashMap<>();
    texts.put("callback.url", erp.url());
    texts.put("smtp.port", DeliveryFixture.port(relay.port()));
    texts.putAll(more);
    CallbackFixture fixture = new CallbackFixture(jdbi, clock, clock, texts);
    open.add(fixture);
    return fixture;
  }
}
