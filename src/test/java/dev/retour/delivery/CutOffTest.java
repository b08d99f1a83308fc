package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.CountingSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A relay that goes away while it takes a body has not taken it, and the mail waits for it only.
 */
class CutOffTest {
  /** More than the buffers between both hold: the sender is caught in its middle. */
  private static final String LONG = "A line of a long mail.\r\n".repeat(400_000);

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final CountingSink sink = new CountingSink(false);
  private final DeliveryFixture house =
      new DeliveryFixture(
          jdbi,
          clock,
          clock,
          DeliveryFixture.shippedRules(),
          Map.of("smtp.port", DeliveryFixture.port(sink.port()), "smtp.tls", "disabled"));

  @AfterEach
  void close() {
    house.close();
    sink.close();
  }

  @Test
  void a_mail_cut_off_in_its_body_goes_out_as_soon_as_the_relay_is_back() {
    long id = house.enqueue("anna@example.com", RedeliveryRequest.NONE, LONG);
    whenAt(CountingSink.Step.MID_DATA, sink::close);
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("waiting");
    assertThat(house.column(id, "failure_text")).startsWith("Not handed over: ");
    assertThat(spent(id)).isZero();

    clock.tick(Duration.ofSeconds(1));
    house.module.sender().probe();
    assertThat(house.module.relay().state().up()).as("the cut made it suspect").isFalse();
    assertThat(house.sendDue()).as("it waits for the mailbox now").isZero();
    assertThat(house.column(id, "failure_rule")).isEqualTo(Deferral.MAILBOX_PAUSED);

    sink.watch((step, mail) -> {});
    sink.comeBack();
    clock.tick(Duration.ofSeconds(1));
    house.module.sender().probe();
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("sent");
    assertThat(sink.takenInAll()).isOne();
    assertThat(spent(id)).isOne();
  }

  @Test
  void a_mail_whose_relay_went_away_after_its_word_to_begin_waits_for_it_only() {
    long id = house.enqueue("anna@example.com");
    whenAt(CountingSink.Step.BEGUN, sink::close);
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("waiting");
    assertThat(spent(id)).isZero();

    clock.tick(Duration.ofSeconds(1));
    sink.watch((step, mail) -> {});
    sink.comeBack();
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("sent");
    assertThat(house.phases(id)).containsExactly("failed", "accepted");
    assertThat(sink.takenInAll()).isOne();
  }

  @Test
  void a_relay_that_is_back_at_once_gets_it_a_second_later() {
    long id = house.enqueue("anna@example.com", RedeliveryRequest.NONE, LONG);
    whenAt(CountingSink.Step.MID_DATA, sink::hangUp);
    house.sendDue();
    sink.watch((step, mail) -> {});
    assertThat(house.sendDue()).as("not in the same moment").isZero();
    clock.tick(Duration.ofSeconds(1));
    assertThat(house.sendDue()).isOne();
    assertThat(house.column(id, "state")).isEqualTo("sent");
  }

  @Test
  void a_mail_that_is_cut_off_each_time_spends_attempts_in_the_end() {
    long id = house.enqueue("anna@example.com", RedeliveryRequest.NONE, LONG);
    whenAt(CountingSink.Step.MID_DATA, sink::hangUp);
    for (int second : List.of(0, 1, 2, 4)) {
      clock.tick(Duration.ofSeconds(second));
      house.module.sender().probe();
      assertThat(house.sendDue()).as("after %s s", second).isOne();
    }
    assertThat(spent(id)).isOne();
    assertThat(house.column(id, "failure_type")).isEqualTo("soft");
    clock.tick(Duration.ofMinutes(59));
    assertThat(house.sendDue()).as("its policy decides").isZero();
    clock.tick(Duration.ofMinutes(30));
    assertThat(house.sendDue()).isOne();
    assertThat(spent(id)).isEqualTo(2);
    assertThat(sink.takenInAll()).isZero();
  }

  private void whenAt(CountingSink.Step where, Runnable happens) {
    sink.watch(
        (step, mail) -> {
          if (step == where) {
            happens.run();
          }
        });
  }

  private int spent(long id) {
    return QueuedMail.find(jdbi, id).orElseThrow().spent();
  }
}
