package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.retour.config.Settings;
import dev.retour.delivery.Facts;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.quarantine.AddressCleanUp;
import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.AddressLists;
import dev.retour.quarantine.AddressState;
import dev.retour.quarantine.Cause;
import dev.retour.quarantine.DecisionUndo;
import dev.retour.quarantine.DomainReach;
import dev.retour.quarantine.OutageDecision;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.quarantine.QuarantineModule;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ERP is told of every change of an address's standing, whoever made it. */
class AddressFactsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ANNA = "anna@example.com";

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final ErpEndpoint erp = new ErpEndpoint();
  private final Map<String, String> texts =
      Map.of(
          "callback.url",
          erp.url(),
          "callback.secrets",
          CallbackFixture.SECRET,
          "quarantine.outage-addresses",
          "2");
  private final CallbackFixture it = new CallbackFixture(jdbi, clock, clock, texts);
  private final QuarantineConfig config = QuarantineConfig.from(Settings.of(texts));
  private final Facts facts = CallbackConfig.facts(Settings.of(texts), "tenant-1");

  @AfterEach
  void close() {
    it.close();
    erp.close();
  }

  @ParameterizedTest
  @CsvSource({"COMPLAINT, complaint", "OPT_OUT, opt-out"})
  void what_the_owner_wants_is_told_with_the_mail_it_is_about(Cause cause, String told)
      throws IOException {
    long mail = it.house.enqueue("Anna@Example.com");
    for (int i = 0; i < 2; i++) { // the second changes nothing
      fail(ANNA, cause, mail);
    }
    tellAll();

    JsonNode data = told("address.denylisted");
    assertThat(data.path("cause").asText()).isEqualTo(told);
    assertThat(data.path("before").asText()).isEqualTo("valid");
    assertThat(data.path("recipients").get(0).asText()).isEqualTo("Anna@example.com");
    assertThat(data.path("document").asText()).isEqualTo("INV-1");
    assertThat(data.path("packages").get(0).asLong()).isEqualTo(mail);
    assertThat(data.has("state")).isFalse();
    assertThat(data.has("by")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "QUARANTINED, address.quarantined",
    "DENYLISTED, address.denylisted",
    "ALLOWLISTED, address.allowlisted"
  })
  void what_a_person_sets_is_told_once_and_so_is_the_way_back(AddressState state, String type)
      throws IOException {
    for (AddressState each : List.of(state, state, AddressState.VALID, AddressState.VALID)) {
      it.house.addresses.set(ANNA, each, "olga", "asked us");
    }
    tellAll();

    assertThat(types()).containsExactly(type, "address.released");
    JsonNode set = body(0).path("data");
    assertThat(set.path("cause").asText()).isEqualTo("operator");
    assertThat(set.path("by").asText()).isEqualTo("olga");
    assertThat(set.path("text").asText()).isEqualTo("asked us");
    assertThat(set.path("packages")).isEmpty();
    assertThat(body(1).path("data").path("before").asText()).isEqualTo(state.label());
  }

  @Test
  void facts_about_one_address_are_told_in_their_order() {
    erp.says(503, "busy");
    it.house.addresses.set(ANNA, AddressState.DENYLISTED, "olga", "asked us");
    it.tellDue();
    it.house.addresses.set(ANNA, AddressState.VALID, "olga", "asked us again");
    erp.says(204, "");
    clock.tick(Duration.ofSeconds(5));

    assertThat(it.tellDue()).as("the older one waits, so does the newer one").isZero();
  }

  @Test
  void decisions_the_outage_guard_held_are_told_when_they_are_carried_out() throws IOException {
    long mail = it.house.enqueue("a3@example.com");
    for (int i = 0; i < 5; i++) {
      fail("a" + i + "@example.com", Cause.BOUNCE, i == 3 ? mail : null);
    }
    assertThat(recipients()).containsExactlyInAnyOrder("a0@example.com", "a1@example.com");

    new OutageDecision(jdbi, clock, config, facts).quarantine(1, "olga");

    assertThat(recipients()).hasSize(5).contains("a2@example.com", "a4@example.com");
    tellAll();
    assertThat(types()).containsOnly("address.quarantined");
    JsonNode held =
        erp.received().stream()
            .map(got -> json(got.text()).path("data"))
            .filter(data -> data.path("recipients").get(0).asText().equals("a3@example.com"))
            .findFirst()
            .orElseThrow();
    assertThat(held.path("cause").asText()).isEqualTo("bounce");
    assertThat(held.path("packages").get(0).asLong()).isEqualTo(mail);
    assertThat(held.path("text").asText()).contains("User unknown");
  }

  @Test
  void an_outage_that_is_released_frees_those_barred_before_and_tells_it() {
    for (int i = 0; i < 5; i++) {
      fail("a" + i + "@example.com", Cause.BOUNCE, null);
    }
    new OutageDecision(jdbi, clock, config, facts).release(1, "olga");
    tellAll();

    assertThat(types().stream().filter("address.released"::equals)).hasSize(2);
  }

  @Test
  void a_bulk_undo_is_told_address_by_address_in_pages() {
    int many = 2_000;
    jdbi.useHandle(
        handle -> {
          handle.execute(
              """
              INSERT INTO address (address, domain, state, reason, changed_at)
              SELECT 'a' || n || '@icloud.com', 'icloud.com', 'quarantined', 1, ?
                FROM generate_series(1, ?) n""",
              clock.instant(),
              many);
          handle.execute(
              """
              INSERT INTO address_history (address, at, state_before, state_after, errors_before,
                     errors_after, reason, failure_text, cause)
              SELECT address, changed_at, 'valid', state, 0, 0, 1, 'User unknown', 'bounce'
                FROM address""");
        });
    DecisionUndo undo = new DecisionUndo(jdbi, clock, facts);
    clock.tick(Duration.ofMinutes(1));
    DecisionUndo.Selection which =
        new DecisionUndo.Selection(
            "*@icloud.com", null, null, clock.instant().minusSeconds(90), clock.instant());

    assertThat(undo.carryOut(undo.plan(which), "olga", "outage")).isEqualTo(many);
    assertThat(undo.carryOut(undo.plan(which), "olga", "outage")).isZero();

    assertThat(recipients()).hasSize(many).doesNotHaveDuplicates();
    long largest =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT max(n) FROM (SELECT count(*) AS n FROM callback GROUP BY xmin) t")
                    .mapTo(Long.class)
                    .one());
    assertThat(largest).as("callbacks of one transaction").isLessThanOrEqualTo(200);
    assertThat(it.callbacks.claim()).hasSizeLessThanOrEqualTo(50);
  }

  @Test
  void an_import_is_told_when_all_of_it_is_taken_and_not_at_all_otherwise() {
    AddressLists lists = new AddressLists(jdbi, clock, facts);
    lists.read(
        new StringReader("address,state\nnobody,denylisted\nb@x.example,denylisted"), "olga");
    assertThat(recipients()).isEmpty();

    lists.read(
        new StringReader("address,state\nb@x.example,denylisted\nc@x.example,allowlisted"), "olga");
    tellAll();

    assertThat(types()).containsExactlyInAnyOrder("address.denylisted", "address.allowlisted");
  }

  @Test
  void what_the_clean_up_frees_is_told_and_counted_errors_are_not() throws IOException {
    jdbi.useTransaction(
        handle -> it.house.addresses.apply(handle, failure(ANNA, Reason.MAILBOX_FULL, null)));
    tellAll();
    clock.tick(Duration.ofDays(31));
    QuarantineModule.bind(
        it.beans, config, new QuarantineModule.Needs(jdbi, clock, DomainReach.UNKNOWN, facts));
    it.beans.lookupByNameAndType("addressCleanUp", AddressCleanUp.class).releaseFullMailboxes();
    tellAll();

    assertThat(types()).containsExactly("address.quarantined", "address.released");
    assertThat(body(1).path("data").path("cause").asText()).isEqualTo("clean-up");
    jdbi.useTransaction(
        handle ->
            it.house.addresses.apply(
                handle,
                new AddressFailure(
                    ANNA, FailureType.SOFT, Reason.UNREACHABLE, "451", "r", Cause.BOUNCE, null)));
    assertThat(recipients()).hasSize(2);
  }

  @Test
  void a_change_that_is_rolled_back_is_not_told() {
    jdbi.useTransaction(
        handle -> {
          it.house.addresses.apply(handle, failure(ANNA, Reason.USER_UNKNOWN, null));
          handle.rollback();
        });

    assertThat(recipients()).isEmpty();
  }

  private void fail(String address, Cause cause, Long about) {
    AddressFailure plain = failure(address, Reason.USER_UNKNOWN, about);
    jdbi.useTransaction(
        handle ->
            it.house.addresses.apply(
                handle,
                new AddressFailure(
                    address,
                    plain.type(),
                    plain.reason(),
                    plain.text(),
                    "r",
                    cause,
                    "bounce 1",
                    about)));
  }

  private static AddressFailure failure(String address, Reason reason, Long about) {
    return new AddressFailure(
        address,
        FailureType.HARD,
        reason,
        "550 5.1.1 User unknown",
        "r",
        Cause.BOUNCE,
        "bounce 1",
        about);
  }

  private List<String> recipients() {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT recipient FROM callback").mapTo(String.class).list());
  }

  private void tellAll() {
    while (it.tellDue() > 0) {
      assertThat(erp.received()).hasSizeLessThan(1_000);
    }
  }

  private List<String> types() {
    return erp.received().stream().map(got -> json(got.text()).path("type").asText()).toList();
  }

  private JsonNode told(String type) throws IOException {
    assertThat(types()).containsExactly(type);
    return body(0).path("data");
  }

  /** One that keeps what docs/callback.schema.json promises. */
  private JsonNode body(int number) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(Path.of("docs/callback.schema.json")));
    JsonNode body = json(erp.received().get(number).text());
    assertThat(schema.validate(body)).isEmpty();
    return body;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
