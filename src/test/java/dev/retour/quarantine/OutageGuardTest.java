package dev.retour.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** A provider that answers "no such user" for hours must not empty the customer base. */
class OutageGuardTest {
  private static final String OUTAGE =
      "550 5.1.1 <%s>: user lookup success but no user record found";

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final QuarantineConfig config =
      QuarantineConfig.from(
          Settings.of(
              Map.of(
                  "quarantine.outage-addresses", "5",
                  "quarantine.outage-share-from", "3",
                  "quarantine.outage-share", "30")));
  private long reach;
  private final AddressBook book =
      new AddressBook(
          jdbi, clock, config, (handle, domain, since) -> reach, StandingListener.NOBODY);
  private final OutageDecision decision =
      new OutageDecision(jdbi, clock, config, StandingListener.NOBODY);

  @Test
  void the_first_go_to_quarantine_the_rest_is_held_and_stays_open() {
    fail(1, 8, "icloud.com");

    assertThat(IntStream.rangeClosed(1, 8).filter(i -> !isOpen(i))).containsExactly(1, 2, 3, 4, 5);
    Outage outage = decision.list(false).get(0);
    assertThat(outage.held()).isEqualTo(3);
    assertThat(outage.barredBefore()).isEqualTo(5);
    assertThat(outage.because()).startsWith("6 addresses failed with the same text within 15 min");
    assertThat(book.history("a8@icloud.com", 1).get(0).after()).isEqualTo(AddressState.WITH_ERRORS);
  }

  @Test
  void what_a_person_calls_an_outage_frees_also_those_barred_before_it_was_noticed() {
    fail(1, 8, "icloud.com");
    book.set("a2@icloud.com", AddressState.DENYLISTED, "eva", "asked us");

    OutageDecision.Outcome outcome = decision.release(1, "eva").orElseThrow();

    assertThat(outcome).isEqualTo(new OutageDecision.Outcome(4, 1));
    assertThat(IntStream.rangeClosed(1, 8).filter(i -> !isOpen(i))).containsExactly(2);
    assertThat(decision.list(false)).isEmpty();
    assertThat(decision.release(1, "eva")).as("once is enough").isEmpty();
    assertThat(decision.quarantine(1, "eva")).isEmpty();
  }

  @Test
  void what_a_person_calls_real_is_carried_out_and_no_longer_asked() {
    fail(1, 8, "icloud.com");

    assertThat(decision.quarantine(1, "eva")).contains(new OutageDecision.Outcome(3, 0));
    fail(9, 10, "icloud.com");

    assertThat(IntStream.rangeClosed(1, 10).filter(this::isOpen)).isEmpty();
    assertThat(decision.list(false)).isEmpty();
  }

  @Test
  void an_outage_that_goes_on_after_a_release_is_held_again() {
    fail(1, 6, "icloud.com");
    decision.release(1, "eva");

    fail(7, 7, "icloud.com");

    assertThat(isOpen(7)).isTrue();
    assertThat(decision.list(false)).hasSize(1);
  }

  @Test
  void a_share_of_a_small_domain_is_enough() {
    reach = 8;
    fail(1, 4, "firm.example");
    assertThat(IntStream.rangeClosed(1, 4).filter(i -> !isOpen(i, "firm.example")))
        .containsExactly(1, 2);
    assertThat(decision.list(false).get(0).because())
        .startsWith("3 of the 8 addresses written to lately failed with the same text");
  }

  @Test
  void who_was_barred_already_stays_barred_and_is_no_new_hit() {
    book.set("a9@icloud.com", AddressState.QUARANTINED, "eva", "gone long ago");
    fail(9, 9, "icloud.com");
    fail(1, 5, "icloud.com");
    assertThat(decision.list(true)).as("five new ones are allowed").isEmpty();

    fail(6, 6, "icloud.com");
    fail(9, 9, "icloud.com");

    assertThat(isOpen(6)).isTrue();
    assertThat(isOpen(9)).isFalse();
    assertThat(decision.list(false).get(0).held()).isEqualTo(1);
  }

  @Test
  void other_domains_other_texts_and_other_days_are_no_outage() {
    fail(1, 4, "one.example");
    fail(1, 4, "two.example");
    for (int i = 5; i <= 8; i++) {
      fail("a" + i + "@one.example", "550 5.1.1 no such user here", FailureType.HARD);
    }
    clock.tick(Duration.ofMinutes(16));
    fail(9, 13, "one.example");

    assertThat(decision.list(true)).isEmpty();
  }

  @Test
  void complaints_and_persons_are_never_held() {
    fail(1, 6, "icloud.com");
    jdbi.useTransaction(
        handle ->
            book.apply(
                handle,
                new AddressFailure(
                    "a7@icloud.com",
                    FailureType.HARD,
                    Reason.REFUSED,
                    OUTAGE.formatted("a7@icloud.com"),
                    "feedback-loop",
                    Cause.COMPLAINT,
                    "bounce 1")));
    book.set("a8@icloud.com", AddressState.QUARANTINED, "eva", "gone");
    assertThat(isOpen(7)).isFalse();
    assertThat(isOpen(8)).isFalse();
  }

  @Test
  void a_fifth_soft_error_is_held_too_and_counted_once_it_is_confirmed() {
    for (int day = 0; day < 4; day++) {
      fail("a9@icloud.com", "452 4.2.2 over quota", FailureType.SOFT);
      clock.tick(Duration.ofDays(1));
    }
    for (int i = 1; i <= 6; i++) {
      fail("a" + i + "@icloud.com", "452 4.2.2 over quota", FailureType.HARD);
    }
    fail("a9@icloud.com", "452 4.2.2 over quota", FailureType.SOFT);
    assertThat(isOpen(9)).isTrue();

    assertThat(decision.quarantine(1, "eva")).contains(new OutageDecision.Outcome(2, 0));
    assertThat(isOpen(9)).isFalse();
  }

  private boolean isOpen(int number) {
    return isOpen(number, "icloud.com");
  }

  private boolean isOpen(int number, String domain) {
    return book.gate("a" + number + "@" + domain).isOpen();
  }

  private void fail(int first, int last, String domain) {
    for (int i = first; i <= last; i++) {
      String address = "a" + i + "@" + domain;
      fail(address, OUTAGE.formatted(address), FailureType.HARD);
    }
  }

  private void fail(String address, String text, FailureType type) {
    jdbi.useTransaction(
        handle ->
            book.apply(
                handle,
                new AddressFailure(
                    address, type, Reason.USER_UNKNOWN, text, "rule", Cause.BOUNCE, "bounce 1")));
  }
}
