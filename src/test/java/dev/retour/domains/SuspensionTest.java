package dev.retour.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.domains.DomainTraffic.Outcome;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Two sidecars on one real database; the clock is a hand. */
class SuspensionTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final Domains domains =
      TestRules.of(
          """
          - domains: "*"
            because: test
            suspension: {window: 1h, messages: 300, errors: 90%, pause: 3h, probes: 5, ramp: 1m}
          """,
          "- {mx: '*', because: test, connections: 2, messages-per-connection: 5}");
  private final DomainsModule here = module("node-a");
  private final DomainsModule there = module("node-b");

  @Test
  void three_hundred_messages_with_nine_of_ten_refused_pause_a_domain_for_all_sidecars() {
    result(here, Outcome.REFUSED, 135);
    result(there, Outcome.REFUSED, 134);
    result(there, Outcome.ACCEPTED, 30);
    flush();
    assertThat(isOpen(here)).as("299 messages say nothing").isTrue();

    result(here, Outcome.REFUSED, 1);
    flush();
    assertThat(isOpen(here)).isFalse();
    assertThat(isOpen(there)).isFalse();
    assertThat(here.traffic().admit("other.example")).isInstanceOf(Admission.Go.class);
    assertThat(here.suspensions().history("slow.example", 9))
        .singleElement()
        .satisfies(event -> assertThat(event.because()).startsWith("270 of 300 mails"));
  }

  @Test
  void fewer_errors_than_the_share_pause_nothing() {
    result(here, Outcome.REFUSED, 269);
    result(here, Outcome.ACCEPTED, 31);
    flush();
    assertThat(isOpen(here)).isTrue();
  }

  @Test
  void what_happened_before_the_window_is_forgotten() {
    result(here, Outcome.REFUSED, 200);
    flush();
    clock.tick(Duration.ofMinutes(65));
    result(here, Outcome.REFUSED, 200);
    flush();
    assertThat(isOpen(here)).isTrue();
  }

  @Test
  void after_the_pause_a_few_probes_go_first_then_twice_as_many_then_all() {
    pause();
    clock.tick(Duration.ofHours(3));
    int allowance = 5;
    for (int step = 1; step <= 6; step++) {
      assertThat(goes(allowance + 20)).as("step " + step).isEqualTo(allowance);
      result(here, Outcome.ACCEPTED, allowance);
      flush();
      clock.tick(Duration.ofMinutes(1));
      allowance *= 2;
    }
    goes(1);
    flush();
    assertThat(goes(1_000)).isEqualTo(1_000);
    assertThat(here.suspensions().list()).isEmpty();
    assertThat(here.suspensions().history("slow.example", 1).get(0).what()).isEqualTo("recovered");
  }

  @Test
  void probes_that_are_refused_begin_the_pause_anew() {
    pause();
    clock.tick(Duration.ofHours(3));
    assertThat(goes(9)).isEqualTo(5);
    result(there, Outcome.REFUSED, 5);
    flush();
    assertThat(isOpen(here)).isFalse();
    clock.tick(Duration.ofHours(2));
    flush();
    assertThat(isOpen(there)).isFalse();
    clock.tick(Duration.ofHours(1));
    flush();
    assertThat(isOpen(there)).isTrue();
  }

  @Test
  void probes_that_came_to_nothing_are_replaced() {
    pause();
    clock.tick(Duration.ofHours(3));
    assertThat(goes(9)).isEqualTo(5);
    clock.tick(Duration.ofMinutes(1));
    assertThat(goes(9)).isEqualTo(5);
  }

  @Test
  void a_mail_that_asks_is_told_until_when_and_why() {
    pause();
    Admission.Wait wait = (Admission.Wait) here.traffic().admit("slow.example");
    assertThat(wait.until()).isEqualTo(clock.instant().plus(Duration.ofHours(3)));
    assertThat(wait.suspended()).isTrue();
    assertThat(wait.why()).contains("slow.example").contains("pauses until");
  }

  @Test
  void whoever_asks_how_many_may_go_is_told_what_each_mail_is_told() {
    assertThat(here.traffic().suspended()).isEmpty();
    pause();
    assertThat(room(there)).isZero();
    clock.tick(Duration.ofHours(3));
    int allowance = 5;
    for (int step = 1; step <= 6; step++) {
      if (step > 1) {
        assertThat(room(here)).as("one has to ask for the next step").isOne();
        assertThat(goes(1)).isOne();
      }
      int left = step == 1 ? allowance : allowance - 1;
      assertThat(room(there)).isEqualTo(left);
      assertThat(goes(left + 20)).isEqualTo(left);
      assertThat(room(here)).isZero();
      result(here, Outcome.ACCEPTED, allowance);
      flush();
      assertThat(room(there)).isZero();
      clock.tick(Duration.ofMinutes(1));
      allowance *= 2;
    }
    assertThat(room(here)).isOne();
    assertThat(goes(1)).isOne();
    flush();
    assertThat(here.traffic().suspended()).isEmpty();
  }

  @Test
  void a_person_pauses_and_resumes_a_domain() {
    here.suspensions().suspend("Slow.example", Duration.ofHours(1), "olga", "their request");
    flush();
    assertThat(isOpen(there)).isFalse();
    assertThat(there.suspensions().resume("slow.example", "olga", "done")).isTrue();
    assertThat(there.suspensions().resume("slow.example", "olga", "done")).isFalse();
    flush();
    assertThat(goes(9)).isEqualTo(5);
    assertThat(here.suspensions().history("slow.example", 9))
        .extracting(DomainEvent::what)
        .containsExactly("resumed", "suspended");
  }

  @Test
  void changed_numbers_hold_at_once() {
    domains.replace(
        TestRules.domains(
            """
            - domains: "*"
              because: test
              suspension: {window: 1h, messages: 10, errors: 50%, pause: 3h, probes: 5, ramp: 1m}
            """));
    result(here, Outcome.REFUSED, 5);
    result(here, Outcome.ACCEPTED, 5);
    flush();
    assertThat(isOpen(here)).isFalse();
  }

  @Test
  void what_was_counted_while_the_database_was_away_is_stored_afterwards() {
    result(here, Outcome.REFUSED, 300);
    jdbi.useHandle(handle -> handle.execute("ALTER TABLE domain_traffic RENAME TO away"));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(here.traffic()::flush)).isNotNull();
    jdbi.useHandle(handle -> handle.execute("ALTER TABLE away RENAME TO domain_traffic"));
    flush();
    assertThat(isOpen(here)).isFalse();
  }

  private void pause() {
    result(here, Outcome.REFUSED, 300);
    flush();
    assertThat(isOpen(here)).isFalse();
  }

  private int goes(int asked) {
    int go = 0;
    for (int i = 0; i < asked; i++) {
      DomainsModule asker = i % 2 == 0 ? here : there;
      go += isOpen(asker) ? 1 : 0;
    }
    return go;
  }

  private static int room(DomainsModule module) {
    return module.traffic().suspended().get("slow.example").most();
  }

  private static boolean isOpen(DomainsModule module) {
    return module.traffic().admit("slow.example") instanceof Admission.Go;
  }

  private static void result(DomainsModule module, Outcome outcome, int times) {
    for (int i = 0; i < times; i++) {
      module.traffic().result("slow.example", outcome);
    }
  }

  private void flush() {
    here.traffic().flush();
    there.traffic().flush();
    here.traffic().flush();
  }

  private DomainsModule module(String node) {
    return new DomainsModule(
        DomainsConfig.from(Settings.of(Map.of())),
        domains,
        new DomainsModule.Needs(jdbi, clock, node, DomainsModule.WayOut.RELAY));
  }
}
