package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.TickingClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeferralsTest {
  private final TickingClock clock = new TickingClock();
  private final Deferrals deferrals = new Deferrals(clock, Duration.ofMinutes(1));

  @Test
  void the_first_fault_costs_nothing_the_server_may_just_have_restarted() {
    deferrals.failed("1.7");
    assertThat(deferrals.isDeferred("1.7")).isFalse();
  }

  @Test
  void a_mail_that_fails_again_is_left_out_twice_as_long_each_time() {
    deferrals.failed("1.7");
    for (int minutes : new int[] {1, 2, 4}) {
      deferrals.failed("1.7");
      clock.tick(Duration.ofMinutes(minutes).minusSeconds(1));
      assertThat(deferrals.isDeferred("1.7")).isTrue();
      assertThat(deferrals.isDeferred("1.8")).isFalse();
      clock.tick(Duration.ofSeconds(1));
      assertThat(deferrals.isDeferred("1.7")).isFalse();
    }
  }

  @Test
  void a_mail_that_was_taken_over_starts_anew() {
    deferrals.failed("1.7");
    deferrals.failed("1.7");
    deferrals.done("1.7");
    deferrals.failed("1.7");
    assertThat(deferrals.isDeferred("1.7")).isFalse();
  }
}
