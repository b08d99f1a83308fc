package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who holds a package, and what becomes of it when its sidecar is gone. */
class DeadSidecarTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final SmtpSink sink = new SmtpSink();
  private final DeliveryFixture house = house("node-a");

  @AfterEach
  void close() {
    house.close();
    sink.close();
  }

  @Test
  void a_sidecar_that_died_before_the_final_dot_loses_nothing_and_sends_once() {
    long id = house.enqueue("anna@example.com");
    ClaimedPackage abandoned = house.module.queue().claim().get(0);
    DeliveryFixture other = house("node-b");
    assertThat(other.module.queue().releaseDead()).as("the lease still runs").isZero();
    clock.tick(Duration.ofMinutes(2));
    assertThat(other.module.queue().releaseDead()).isOne();
    other.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("sent");

    // The dead one was only slow: it must not hand the mail over a second time.
    house.send(abandoned);
    assertThat(sink.taken()).hasSize(1);
    assertThat(house.column(id, "state")).isEqualTo("sent");
    other.close();
  }

  @Test
  void a_sidecar_that_died_after_the_body_leaves_an_uncertain_package() throws Exception {
    long id = house.enqueue("anna@example.com");
    ClaimedPackage claimed = house.module.queue().claim().get(0);
    house.module.mailSender().send(house.module.sender().prepare(claimed).message());
    clock.tick(Duration.ofMinutes(2));
    assertThat(house.module.queue().releaseDead()).isOne();
    assertThat(house.column(id, "state")).isEqualTo("uncertain");
    assertThat(house.phases(id)).containsExactly("uncertain");
  }

  @Test
  void our_own_former_self_is_given_back_at_once() {
    long id = house.enqueue("anna@example.com");
    house.module.queue().claim();
    DeliveryFixture restarted = house("node-a");
    assertThat(restarted.module.queue().releaseOwnFormerLeases()).isOne();
    assertThat(house.column(id, "state")).isEqualTo("ready");
    restarted.close();
  }

  @Test
  void a_heartbeat_keeps_the_lease() {
    house.enqueue("anna@example.com");
    house.module.queue().claim();
    clock.tick(Duration.ofSeconds(50));
    house.module.queue().renewLeases();
    clock.tick(Duration.ofSeconds(50));
    assertThat(house.module.queue().releaseDead()).isZero();
  }

  @Test
  void two_sidecars_never_claim_the_same_package() throws Exception {
    for (int i = 0; i < 400; i++) {
      house.enqueue("anna" + i + "@example.com");
    }
    DeliveryFixture other = house("node-b");
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Callable<List<ClaimedPackage>>> claims =
          List.of(() -> house.module.queue().claim(), () -> other.module.queue().claim());
      Set<Long> ids = new HashSet<>();
      int claimed = 0;
      for (var result : pool.invokeAll(claims)) {
        claimed += result.get().size();
        result.get().forEach(each -> ids.add(each.id()));
      }
      assertThat(claimed).isEqualTo(400);
      assertThat(ids).hasSize(400);
    } finally {
      pool.shutdownNow();
      other.close();
    }
  }

  private DeliveryFixture house(String node) {
    return new DeliveryFixture(
        jdbi,
        clock,
        clock,
        DeliveryFixture.shippedRules(),
        Map.of("delivery.node", node, "smtp.port", DeliveryFixture.port(sink.port())));
  }
}
