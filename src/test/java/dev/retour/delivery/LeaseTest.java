package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedRelay;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A package is leased while its sidecar gives signs of life, and only if it still has it. */
class LeaseTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final ScriptedRelay relay =
      new ScriptedRelay((n, command) -> ScriptedRelay.well(command));
  private final DeliveryFixture here = house("node-a");
  private final DeliveryFixture there = house("node-b");

  @AfterEach
  void close() {
    here.close();
    there.close();
    relay.close();
  }

  @Test
  void one_sign_of_life_keeps_everything_in_hand_also_from_an_operator() {
    long id = here.enqueue("anna@example.com");
    here.module.queue().claim();
    for (int i = 0; i < 5; i++) {
      clock.tick(Duration.ofSeconds(50));
      here.module.queue().renewLeases();
      assertThat(there.module.queue().releaseDead()).isZero();
    }
    QueueOutcome refused = there.module.desk().act(QueueOrder.of(QueueAction.RELEASE, "anna"), id);
    assertThat(refused.done()).isFalse();
    assertThat(refused.sentence()).contains("lives");

    clock.tick(Duration.ofSeconds(61));
    assertThat(there.module.queue().releaseDead()).as("it fell silent").isOne();
    assertThat(here.column(id, "state")).isEqualTo("ready");
  }

  @Test
  void a_claim_whose_answer_was_lost_comes_back_although_the_sidecar_lives() {
    long lost = here.enqueue("anna@example.com");
    // The same sidecar, but the list of what it claimed never reached it.
    house("node-a").module.queue().claim();
    long held = here.enqueue("bert@example.com");
    here.module.queue().claim();

    clock.tick(Duration.ofSeconds(59));
    here.module.queue().renewLeases();
    assertThat(here.module.queue().releaseDead()).as("its lease still runs").isZero();
    clock.tick(Duration.ofSeconds(2));
    assertThat(here.module.queue().releaseDead()).isOne();
    assertThat(here.column(lost, "state")).isEqualTo("ready");
    assertThat(here.column(held, "state")).isEqualTo("sending");
  }

  @Test
  void a_package_that_was_let_go_comes_back() {
    long id = here.enqueue("anna@example.com");
    ClaimedPackage claimed = here.module.queue().claim().get(0);
    here.module.queue().letGo(claimed);
    clock.tick(Duration.ofSeconds(61));
    here.module.queue().renewLeases();
    assertThat(here.module.queue().releaseDead()).isOne();
    assertThat(here.column(id, "state")).isEqualTo("ready");
  }

  @Test
  void a_restarted_sidecar_takes_back_all_it_held_however_much_that_was() {
    for (int i = 0; i < 1_100; i++) {
      here.enqueue("anna" + i + "@example.com");
    }
    assertThat(here.module.queue().claim()).hasSize(1_100);
    DeliveryFixture restarted = house("node-a");
    assertThat(restarted.module.queue().releaseOwnFormerLeases()).isEqualTo(1_100);
    restarted.close();
  }

  @Test
  void none_is_claimed_past_its_validity_however_many_wait_to_be_swept() {
    for (int i = 0; i < 600; i++) {
      here.enqueue("anna" + i + "@example.com");
    }
    clock.tick(Duration.ofDays(8));
    assertThat(here.module.queue().claim()).isEmpty();
    assertThat(here.module.queue().claim()).isEmpty();
    int expired =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery("SELECT count(*) FROM work_package WHERE state = 'expired'")
                    .mapTo(Integer.class)
                    .one());
    assertThat(expired).isEqualTo(600);
  }

  private DeliveryFixture house(String node) {
    return new DeliveryFixture(
        jdbi,
        clock,
        clock,
        DeliveryFixture.shippedRules(),
        Map.of(
            "smtp.port",
            DeliveryFixture.port(relay.port()),
            "delivery.node",
            node,
            "delivery.batch",
            "2000"));
  }
}
