package dev.retour.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.support.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class AddressBookTest {
  private static final String JANE = "jane@example.com";

  private final Jdbi jdbi = TestDatabase.fresh();
  private Instant now = Instant.parse("2026-03-01T08:00:00Z");
  private final AddressBook book =
      new AddressBook(jdbi, () -> now, QuarantineConfig.from(Settings.of(Map.of())));
  private final AddressCleanUp cleanUp =
      new AddressCleanUp(jdbi, () -> now, QuarantineConfig.from(Settings.of(Map.of())), book);

  @Test
  void an_unknown_address_is_open() {
    assertThat(book.gate(JANE)).isEqualTo(new GateAnswer.Open(null));
  }

  @Test
  void an_empty_address_is_closed_with_reason_7() {
    assertThat(book.gate(" "))
        .isInstanceOfSatisfying(
            GateAnswer.Closed.class,
            closed -> assertThat(closed.reason()).isEqualTo(Reason.ADDRESS_NOT_SPECIFIED));
  }

  @Test
  void a_hard_failure_quarantines_at_once() {
    AddressChange change = fail(FailureType.HARD, Reason.USER_UNKNOWN);

    assertThat(change.after()).isEqualTo(AddressState.QUARANTINED);
    assertThat(change.isBarred()).isTrue();
    assertThat(change.sentence()).isEqualTo("Quarantined at once: user unknown.");
    assertThat(reasonAtGate(JANE)).isEqualTo(Reason.ADDRESS_IN_QUARANTINE);
  }

  @Test
  void the_gate_knows_no_upper_case() {
    fail(FailureType.HARD, Reason.USER_UNKNOWN);

    assertThat(book.gate("Jane@EXAMPLE.com").isOpen()).isFalse();
  }

  @Test
  void the_fifth_significant_soft_error_quarantines() {
    for (int error = 1; error <= 4; error++) {
      assertThat(fail(FailureType.SOFT, Reason.UNREACHABLE).errors()).isEqualTo(error);
      assertThat(book.gate(JANE).isOpen()).isTrue();
      tick(Duration.ofHours(24));
    }

    assertThat(fail(FailureType.SOFT, Reason.UNREACHABLE).after())
        .isEqualTo(AddressState.QUARANTINED);
  }

  @Test
  void soft_errors_within_24_hours_count_once() {
    fail(FailureType.SOFT, Reason.UNREACHABLE);
    tick(Duration.ofHours(24).minusSeconds(1));

    AddressChange second = fail(FailureType.SOFT, Reason.MAILBOX_FULL);

    assertThat(second.errors()).isEqualTo(1);
    assertThat(second.sentence())
        .isEqualTo("Not counted again, too close to the last error; it stays at 1 of 5.");
  }

  @Test
  void the_counter_restarts_after_ten_days_without_error() {
    fail(FailureType.SOFT, Reason.UNREACHABLE);
    tick(Duration.ofDays(2));
    fail(FailureType.SOFT, Reason.UNREACHABLE);
    tick(Duration.ofDays(10).plusSeconds(1));

    assertThat(fail(FailureType.SOFT, Reason.UNREACHABLE).errors()).isEqualTo(1);
  }

  @Test
  void an_ignored_failure_leaves_no_trace() {
    AddressChange change = fail(FailureType.IGNORED, Reason.UNREACHABLE);

    assertThat(change.after()).isEqualTo(AddressState.VALID);
    assertThat(book.history(JANE, 10)).isEmpty();
    assertThat(book.counts().values()).containsOnly(0L);
  }

  @Test
  void an_undefined_failure_is_logged_first_and_counts_when_it_recurs() {
    AddressChange first = fail(FailureType.UNDEFINED, Reason.NOT_DEFINED);
    tick(Duration.ofHours(1));
    AddressChange second = fail(FailureType.UNDEFINED, Reason.NOT_DEFINED);

    assertThat(first.errors()).isZero();
    assertThat(first.after()).isEqualTo(AddressState.WITH_ERRORS);
    assertThat(second.errors()).isEqualTo(1);
  }

  @Test
  void an_undefined_failure_is_new_again_after_a_success() {
    fail(FailureType.UNDEFINED, Reason.NOT_DEFINED);
    deliver();

    assertThat(fail(FailureType.UNDEFINED, Reason.NOT_DEFINED).errors()).isZero();
  }

  @Test
  void a_success_forgets_errors() {
    fail(FailureType.SOFT, Reason.UNREACHABLE);

    deliver();
    tick(Duration.ofDays(2));

    assertThat(fail(FailureType.SOFT, Reason.UNREACHABLE).errors()).isEqualTo(1);
  }

  @Test
  void a_success_lifts_neither_quarantine_nor_denylist() {
    fail(FailureType.HARD, Reason.USER_UNKNOWN);
    deliver();
    assertThat(reasonAtGate(JANE)).isEqualTo(Reason.ADDRESS_IN_QUARANTINE);

    complain();
    deliver();
    assertThat(reasonAtGate(JANE)).isEqualTo(Reason.ADDRESS_ON_DENYLIST);
  }

  @Test
  void a_complaint_denylists_and_no_later_failure_changes_that() {
    complain();

    fail(FailureType.HARD, Reason.USER_UNKNOWN);

    assertThat(reasonAtGate(JANE)).isEqualTo(Reason.ADDRESS_ON_DENYLIST);
  }

  @Test
  void an_allowlisted_address_stays_open_whatever_happens() {
    book.set(JANE, AddressState.ALLOWLISTED, "eva", "our own auditor");

    AddressChange change = fail(FailureType.HARD, Reason.USER_UNKNOWN);

    assertThat(change.reason()).isEqualTo(Reason.ERROR_IGNORED);
    assertThat(book.gate(JANE)).isEqualTo(new GateAnswer.Open(Reason.ERROR_IGNORED));
  }

  @Test
  void a_full_mailbox_is_released_after_thirty_days_in_quarantine() {
    for (int error = 1; error <= 5; error++) {
      fail(FailureType.SOFT, Reason.MAILBOX_FULL);
      tick(Duration.ofDays(1));
    }
    tick(Duration.ofDays(28));
    assertThat(cleanUp.releaseFullMailboxes()).isZero();

    tick(Duration.ofDays(2));
    assertThat(cleanUp.releaseFullMailboxes()).isEqualTo(1);
    assertThat(cleanUp.removeValid()).isEqualTo(1);
    assertThat(book.gate(JANE).isOpen()).isTrue();
  }

  @Test
  void a_full_mailbox_that_turns_out_unknown_is_never_released() {
    for (int error = 1; error <= 5; error++) {
      fail(FailureType.SOFT, Reason.MAILBOX_FULL);
      tick(Duration.ofDays(1));
    }
    fail(FailureType.HARD, Reason.USER_UNKNOWN);
    tick(Duration.ofDays(400));

    cleanUp.forgetErrors();
    cleanUp.releaseFullMailboxes();

    assertThat(book.gate(JANE).isOpen()).isFalse();
  }

  @Test
  void errors_are_forgotten_after_ten_days_and_the_history_stays() {
    fail(FailureType.SOFT, Reason.UNREACHABLE);
    tick(Duration.ofDays(10).plusSeconds(1));

    assertThat(cleanUp.forgetErrors()).isEqualTo(1);
    assertThat(cleanUp.removeValid()).isEqualTo(1);
    assertThat(book.history(JANE, 10))
        .extracting(AddressHistoryEntry::cause)
        .containsExactly("clean-up", "smtp-reply");
  }

  @Test
  void every_change_says_what_caused_it() {
    fail(FailureType.SOFT, Reason.UNREACHABLE);
    book.set(JANE, AddressState.VALID, "eva", "provider was down");

    AddressHistoryEntry byHand = book.history(JANE, 1).get(0);

    assertThat(byHand.before()).isEqualTo(AddressState.WITH_ERRORS);
    assertThat(byHand.after()).isEqualTo(AddressState.VALID);
    assertThat(byHand.cause()).isEqualTo("operator");
    assertThat(byHand.reference()).isEqualTo("eva");
    assertThat(byHand.failureText()).isEqualTo("provider was down");
    assertThat(book.history(JANE, 2).get(1).reference()).isEqualTo("attempt 7");
  }

  @Test
  void a_rolled_back_caller_takes_the_change_along() {
    jdbi.useHandle(
        handle -> {
          handle.begin();
          book.apply(handle, failure(FailureType.HARD, Reason.USER_UNKNOWN));
          handle.rollback();
        });

    assertThat(book.gate(JANE).isOpen()).isTrue();
    assertThat(book.history(JANE, 10)).isEmpty();
  }

  @Test
  void simultaneous_first_errors_of_one_address_count_once() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<AddressChange>> calls =
          java.util.Collections.nCopies(16, () -> fail(FailureType.SOFT, Reason.UNREACHABLE));
      for (Future<AddressChange> done : pool.invokeAll(calls)) {
        assertThat(done.get().errors()).isEqualTo(1);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(book.list(AddressState.WITH_ERRORS, 10))
        .singleElement()
        .satisfies(row -> assertThat(row.errors()).isEqualTo(1));
  }

  @Test
  void hostile_texts_are_stored_bounded() {
    String hostile = "550 \0" + "x".repeat(100_000);
    AddressFailure failure =
        new AddressFailure(
            JANE, FailureType.HARD, Reason.USER_UNKNOWN, hostile, "r", Cause.BOUNCE, null);

    jdbi.inTransaction(handle -> book.apply(handle, failure));

    assertThat(book.list(AddressState.QUARANTINED, 1).get(0).failureText()).hasSize(1_000);
  }

  private AddressChange fail(FailureType type, Reason reason) {
    return jdbi.inTransaction(handle -> book.apply(handle, failure(type, reason)));
  }

  private static AddressFailure failure(FailureType type, Reason reason) {
    return new AddressFailure(
        JANE, type, reason, "some words", "some-rule", Cause.SMTP_REPLY, "attempt 7");
  }

  private void complain() {
    AddressFailure complaint =
        new AddressFailure(
            JANE,
            FailureType.HARD,
            Reason.REFUSED,
            "abuse",
            "complaint",
            Cause.COMPLAINT,
            "bounce 3");
    jdbi.useTransaction(handle -> book.apply(handle, complaint));
  }

  private void deliver() {
    jdbi.useTransaction(handle -> book.delivered(handle, JANE, "attempt 8"));
  }

  private Reason reasonAtGate(String address) {
    return ((GateAnswer.Closed) book.gate(address)).reason();
  }

  private void tick(Duration time) {
    now = now.plus(time);
  }
}
