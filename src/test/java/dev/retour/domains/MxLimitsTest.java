package dev.retour.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Two sidecars on one real database; the clock is a hand. */
class MxLimitsTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final MxLimits here = new MxLimits(jdbi, clock, "node-a", LEASE);
  private final MxLimits there = new MxLimits(jdbi, clock, "node-b", LEASE);
  private final MxRules rules =
      TestRules.mx(
          """
          - mx: ["*.shared.example"]
            because: test
            per: rule
            connections: 4
            messages-per-connection: 5
            messages-per-hour: 10000
          - mx: "*"
            because: test
            connections: 2
            messages-per-connection: 5
            messages-per-hour: 10
          """);

  @Test
  void two_sidecars_share_the_connections_to_a_host() {
    assertThat(connects(here, "mx.example")).isTrue();
    assertThat(connects(there, "mx.example")).isTrue();
    assertThat(connects(here, "mx.example")).isFalse();
    assertThat(connects(there, "mx.example")).isFalse();
    assertThat(connects(here, "other.example")).as("another host has its own").isTrue();

    there.disconnected(hop("mx.example"));
    there.renew();
    assertThat(connects(here, "mx.example")).isTrue();
    assertThat(connects(there, "mx.example")).isFalse();
  }

  @Test
  void two_sidecars_that_ask_at_once_never_hold_more_than_the_limit() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Boolean>> asks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        MxLimits asker = i % 2 == 0 ? here : there;
        String host = "mx" + i % 5 + ".shared.example";
        asks.add(() -> connects(asker, host));
      }
      int held = 0;
      for (var each : pool.invokeAll(asks)) {
        held += each.get() ? 1 : 0;
      }
      assertThat(held).isEqualTo(4);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void the_share_of_a_dead_sidecar_returns_by_itself_and_a_living_one_keeps_its_own() {
    connects(there, "mx.example");
    connects(here, "mx.example");
    clock.tick(Duration.ofSeconds(20));
    here.renew();
    assertThat(connects(here, "mx.example")).isFalse();
    clock.tick(Duration.ofSeconds(11));
    here.renew();
    assertThat(connects(here, "mx.example")).as("node-b gives no sign of life").isTrue();
    assertThat(connects(new MxLimits(jdbi, clock, "node-c", LEASE), "mx.example")).isFalse();
  }

  @Test
  void ten_thousand_an_hour_are_833_in_five_minutes_for_both_together() {
    int first = 0;
    for (int i = 0; i < 1_000; i++) {
      first += messages(i % 3 == 0 ? here : there, "mx" + i % 7 + ".shared.example");
    }
    assertThat(first).isBetween(833 - 10, 833);
    clock.tick(Duration.ofMinutes(5));
    int second = 0;
    for (int i = 0; i < 2_000; i++) {
      second += messages(here, "mx1.shared.example");
    }
    assertThat(second).isEqualTo(833);
  }

  @Test
  void ten_an_hour_are_ten_although_there_are_twelve_slots() {
    int sent = 0;
    clock.tick(Duration.ofMinutes(1)); // the clock of tests stands shortly before the hour
    for (int slot = 0; slot < 12; slot++) {
      for (int i = 0; i < 3; i++) {
        sent += messages(here, "mx.example") + messages(there, "mx.example");
      }
      clock.tick(Duration.ofMinutes(5));
    }
    assertThat(sent).isEqualTo(10);
  }

  @Test
  void those_over_the_limit_get_places_in_the_slots_to_come() {
    Hop hop = hop("mx1.shared.example");
    while (here.message(hop).isEmpty()) {
      // takes all of this slot
    }
    Instant second = here.message(hop).orElseThrow();
    Instant third = here.message(hop).orElseThrow();
    assertThat(second).isAfter(clock.instant());
    assertThat(Duration.between(second, third)).isEqualTo(Duration.ofMillis(360));
  }

  private int messages(MxLimits limits, String host) {
    return limits.message(hop(host)).isEmpty() ? 1 : 0;
  }

  private boolean connects(MxLimits limits, String host) {
    return limits.connect(hop(host)).isEmpty();
  }

  private Hop hop(String host) {
    return new Hop(
        host, InetAddress.getLoopbackAddress(), 25, TlsMode.OPPORTUNISTIC, rules.ruleFor(host));
  }
}
