package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A queue is not asked all the time, and not left alone while it is full. */
class PaceTest {
  private static final int MOST = 100;

  private final AtomicLong nanos = new AtomicLong();
  private final Pace pace = new Pace(MOST, nanos::get);

  @Test
  void it_is_looked_at_at_once_and_then_not_until_some_time_has_passed() {
    assertThat(pace.isTurn(MOST)).isTrue();
    pace.took(0, MOST);
    passes(150);
    assertThat(pace.isTurn(MOST)).isFalse();
    passes(50);
    assertThat(pace.isTurn(MOST)).isTrue();
  }

  @Test
  void after_something_came_it_is_looked_at_again_soon() {
    assertThat(pace.isTurn(MOST)).isTrue();
    pace.took(3, MOST);
    passes(40);
    assertThat(pace.isTurn(MOST)).isFalse();
    passes(20);
    assertThat(pace.isTurn(MOST)).isTrue();
  }

  @Test
  void while_more_is_due_than_there_was_room_for_half_the_room_is_enough() {
    assertThat(pace.isTurn(MOST)).isTrue();
    pace.took(MOST, MOST);
    assertThat(pace.isTurn(0)).isFalse();
    assertThat(pace.isTurn(MOST / 2)).isFalse();
    assertThat(pace.isTurn(MOST / 2 + 1)).isTrue();
    pace.took(3, MOST / 2 + 1);
    assertThat(pace.isTurn(MOST)).as("all that was due is in hand").isFalse();
  }

  private void passes(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
