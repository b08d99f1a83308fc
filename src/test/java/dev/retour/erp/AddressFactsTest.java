package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.quarantine.AddressCleanUp;
import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.AddressState;
import dev.retour.quarantine.Cause;
import dev.retour.quarantine.DomainReach;
import dev.retour.quarantine.QuarantineModule;
import dev.retour.quarantine.Unsubscription;
import dev.retour.quarantine.Unsubscriptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ERP is told of every change of an address's standing, whoever made it. */
class AddressFactsTest {
  private static final String ANNA = "anna@example.com";
  private final AddressFactsFixture it = new AddressFactsFixture();

  @AfterEach
  void close() {
    it.close();
  }

  @ParameterizedTest
  @CsvSource({"COMPLAINT, complaint", "OPT_OUT, opt-out"})
  void what_the_owner_wants_is_told_with_the_mail_it_is_about(Cause cause, String told)
      throws IOException {
    long mail = it.house.enqueue("Anna@Example.com");
    for (int i = 0; i < 2; i++) { // the second changes nothing
      it.fail(ANNA, cause, mail);
    }
    it.tellAll();

    JsonNode data = it.told("address.denylisted");
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
    it.tellAll();

    assertThat(it.types()).containsExactly(type, "address.released");
    JsonNode set = it.body(0).path("data");
    assertThat(set.path("cause").asText()).isEqualTo("operator");
    assertThat(set.path("by").asText()).isEqualTo("olga");
    assertThat(set.path("text").asText()).isEqualTo("asked us");
    assertThat(set.path("packages")).isEmpty();
    assertThat(it.body(1).path("data").path("before").asText()).isEqualTo(state.label());
  }

  @Test
  void who_leaves_a_category_or_comes_back_to_it_is_told_with_its_name() throws IOException {
    Unsubscriptions unsubscriptions =
        new Unsubscriptions(it.house.jdbi, it.house.clock, it.house.module.queue().facts());
    for (int i = 0; i < 2; i++) { // the second changes nothing
      unsubscriptions.unsubscribe(
          ANNA, "newsletter", Unsubscription.How.ONE_CLICK, UUID.randomUUID());
    }
    unsubscriptions.remove(ANNA, "newsletter", "olga", "She asked us.");
    it.tellAll();

    assertThat(it.types()).containsExactly("address.unsubscribed", "address.subscribed");
    JsonNode left = it.body(0).path("data");
    assertThat(left.path("text").asText()).isEqualTo("newsletter");
    assertThat(left.path("cause").asText()).isEqualTo("opt-out");
    assertThat(left.path("before").asText()).isEqualTo("valid");
    assertThat(it.body(1).path("data").path("by").asText()).isEqualTo("olga");
  }

  @Test
  void facts_about_one_address_are_told_in_their_order() {
    it.erp.says(503, "busy");
    it.house.addresses.set(ANNA, AddressState.DENYLISTED, "olga", "asked us");
    it.teller.tellDue();
    it.house.addresses.set(ANNA, AddressState.VALID, "olga", "asked us again");
    it.erp.says(204, "");
    it.clock.tick(Duration.ofSeconds(5));

    assertThat(it.teller.tellDue()).as("the older one waits, so does the newer one").isZero();
  }

  @Test
  void what_the_clean_up_frees_is_told_and_counted_errors_are_not() throws IOException {
    it.jdbi.useTransaction(
        handle ->
            it.house.addresses.apply(
                handle, AddressFactsFixture.failure(ANNA, Reason.MAILBOX_FULL, null)));
    it.tellAll();
    it.clock.tick(Duration.ofDays(31));
    QuarantineModule.bind(
        it.teller.beans,
        it.config,
        new QuarantineModule.Needs(it.jdbi, it.clock, DomainReach.UNKNOWN, it.facts));
    it.teller
        .beans
        .lookupByNameAndType("addressCleanUp", AddressCleanUp.class)
        .releaseFullMailboxes();
    it.tellAll();

    assertThat(it.types()).containsExactly("address.quarantined", "address.released");
    assertThat(it.body(1).path("data").path("cause").asText()).isEqualTo("clean-up");
    it.jdbi.useTransaction(
        handle ->
            it.house.addresses.apply(
                handle,
                new AddressFailure(
                    ANNA, FailureType.SOFT, Reason.UNREACHABLE, "451", "r", Cause.BOUNCE, null)));
    assertThat(it.recipients()).hasSize(2);
  }

  @Test
  void a_change_that_is_rolled_back_is_not_told() {
    it.jdbi.useTransaction(
        handle -> {
          it.house.addresses.apply(
              handle, AddressFactsFixture.failure(ANNA, Reason.USER_UNKNOWN, null));
          handle.rollback();
        });

    assertThat(it.recipients()).isEmpty();
  }
}
