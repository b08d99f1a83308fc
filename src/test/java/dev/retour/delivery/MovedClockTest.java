package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.sandbox.SandboxClock;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jump of the sandbox's clock moves what is due, not who is alive. */
class MovedClockTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock real = new TickingClock();
  private final SmtpSink sink = new SmtpSink();

  @AfterEach
  void close() {
    sink.close();
  }

  @Test
  void a_jump_of_a_day_does_not_make_packages_in_the_air_look_abandoned(@TempDir Path dir) {
    SandboxClock clock = SandboxClock.of(dir, real);
    try (DeliveryFixture house = house(clock, "node-a");
        DeliveryFixture other = house(clock, "node-b")) {
      long id = house.enqueue("anna@example.com");
      ClaimedPackage inTheAir = house.module.queue().claim().get(0);

      clock.advance(Duration.ofHours(24));

      assertThat(house.module.queue().releaseDead()).isZero();
      assertThat(other.module.queue().releaseDead()).isZero();
      house.send(inTheAir);
      assertThat(house.column(id, "state")).isEqualTo("sent");
      assertThat(sink.taken()).hasSize(1);

      house.enqueue("bert@example.com");
      house.module.queue().claim();
      real.tick(Duration.ofMinutes(2));
      assertThat(other.module.queue().releaseDead()).as("by real time it is dead").isOne();
    }
  }

  @Test
  void what_is_due_tomorrow_is_due_after_a_jump_of_a_day(@TempDir Path dir) {
    SandboxClock clock = SandboxClock.of(dir, real);
    try (DeliveryFixture house = house(clock, "node-a")) {
      long id = house.enqueue("451.grey@example.com");
      house.sendDue();
      assertThat(house.sendDue()).isZero();
      clock.advance(Duration.ofHours(1));
      assertThat(house.sendDue()).isOne();
      assertThat(house.attemptTimes(id)).hasSize(2);
    }
  }

  private DeliveryFixture house(SandboxClock clock, String node) {
    return new DeliveryFixture(
        jdbi,
        clock,
        real,
        DeliveryFixture.shippedRules(),
        Map.of("smtp.port", DeliveryFixture.port(sink.port()), "delivery.node", node));
  }
}
