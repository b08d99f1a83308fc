package dev.retour.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.quarantine.DecisionUndo.Selection;
import dev.retour.quarantine.DecisionUndo.Step;
import dev.retour.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A provider's outage is taken back with one command, and nothing else with it. */
class DecisionUndoTest {
  private static final Instant TEN = Instant.parse("2026-03-01T10:00:00Z");
  private static final Instant TWELVE = Instant.parse("2026-03-01T12:00:00Z");
  private static final String OUTAGE = "550 5.1.1 <x>: user does not exist (backend 7)";

  private final Jdbi jdbi = TestDatabase.fresh();
  private Instant now = TEN.plusSeconds(60);
  private final AddressBook book =
      new AddressBook(jdbi, () -> now, QuarantineConfig.from(Settings.of(Map.of())));
  private final DecisionUndo undo = new DecisionUndo(jdbi, () -> now, StandingListener.NOBODY);

  @Test
  void decisions_of_one_text_in_one_time_span_are_taken_back() {
    hard("a@icloud.com", OUTAGE);
    hard("b@mail.icloud.com", OUTAGE);
    hard("c@icloud.com", "550 another text");
    hard("d@example.com", OUTAGE);
    now = TWELVE.plusSeconds(1);
    hard("late@icloud.com", OUTAGE);

    List<Step> plan = undo.plan(selection("*icloud.com", "BACKEND 7", null));

    assertThat(plan.stream().map(Step::address))
        .containsExactly("a@icloud.com", "b@mail.icloud.com");
    assertThat(book.gate("a@icloud.com").isOpen()).as("a plan changes nothing").isFalse();
    assertThat(undo.carryOut(plan, "anna", "outage of 1 March")).isEqualTo(2);
    assertThat(book.gate("a@icloud.com").isOpen()).isTrue();
    assertThat(book.gate("b@mail.icloud.com").isOpen()).isTrue();
    assertThat(book.gate("c@icloud.com").isOpen()).isFalse();
    assertThat(book.gate("d@example.com").isOpen()).isFalse();
    assertThat(book.gate("late@icloud.com").isOpen()).isFalse();
    assertThat(book.history("a@icloud.com", 1).get(0))
        .satisfies(
            entry -> {
              assertThat(entry.cause()).isEqualTo("operator");
              assertThat(entry.reference()).isEqualTo("anna");
              assertThat(entry.failureText()).isEqualTo("outage of 1 March");
            });
    assertThat(undo.carryOut(plan, "anna", "again")).as("once only").isZero();
  }

  @Test
  void the_counter_goes_back_to_what_it_was() {
    now = TEN.minus(Duration.ofDays(2));
    soft("a@icloud.com", "452 busy");
    now = TEN.plusSeconds(60);
    hard("a@icloud.com", OUTAGE);

    List<Step> plan = undo.plan(selection(null, null, "rule"));
    undo.carryOut(plan, "anna", "why");

    assertThat(book.list(AddressState.WITH_ERRORS, 10))
        .singleElement()
        .satisfies(row -> assertThat(row.errors()).isEqualTo(1));
  }

  @Test
  void what_has_changed_since_is_left_alone() {
    hard("a@icloud.com", OUTAGE);
    List<Step> plan = undo.plan(selection("*", OUTAGE, null));
    book.set("a@icloud.com", AddressState.DENYLISTED, "owner", "asked us");

    assertThat(undo.carryOut(plan, "anna", "why")).isZero();
    assertThat(undo.plan(selection("*", OUTAGE, null)))
        .singleElement()
        .satisfies(step -> assertThat(step.refusal()).isEqualTo("It has changed since."));
    assertThat(book.list(AddressState.DENYLISTED, 10)).hasSize(1);
  }

  @Test
  void signs_that_mean_something_to_the_database_mean_themselves() {
    hard("a_b@icloud.com", OUTAGE);
    hard("axb@icloud.com", "100% wrong");

    assertThat(undo.plan(selection("a_b@*", null, null)))
        .singleElement()
        .satisfies(step -> assertThat(step.address()).isEqualTo("a_b@icloud.com"));
    assertThat(undo.plan(selection("%", null, null))).isEmpty();
    assertThat(undo.plan(selection("*", "100% wrong", null))).hasSize(1);
    assertThat(undo.plan(selection("*'; DROP TABLE address; --", null, null))).isEmpty();
  }

  @Test
  void nothing_acts_without_a_selection() {
    assertThatThrownBy(() -> selection(null, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Selection("*", null, null, TWELVE, TEN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Selection selection(
      @Nullable String addresses, @Nullable String text, @Nullable String rule) {
    return new Selection(addresses, text, rule, TEN, TWELVE);
  }

  private void hard(String address, String text) {
    fail(address, FailureType.HARD, Reason.USER_UNKNOWN, text);
  }

  private void soft(String address, String text) {
    fail(address, FailureType.SOFT, Reason.UNREACHABLE, text);
  }

  private void fail(String address, FailureType type, Reason reason, String text) {
    jdbi.useTransaction(
        handle ->
            book.apply(
                handle,
                new AddressFailure(address, type, reason, text, "rule", Cause.BOUNCE, "bounce-1")));
  }
}
