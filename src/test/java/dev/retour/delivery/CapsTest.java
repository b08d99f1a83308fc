package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.quarantine.GateRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frequency caps (12): so many mails in a time, whoever sends them. */
class CapsTest {
  private static final String ANNA = "anna@example.com";
  private static final String THREE =
      "caps: [{id: three, messages: [EVTa, EVTb], per: recipient, most: 3, within: 7d, because: x}]";

  private final GateFixture gate = new GateFixture();

  @AfterEach
  void close() {
    gate.close();
  }

  @Test
  void of_one_mail_too_many_that_two_sidecars_send_at_once_exactly_one_is_kept_back()
      throws Exception {
    int mails = 8;
    gate.inForce(THREE.replace("most: 3", "most: 7"));
    DeliveryFixture other = gate.house("node-b");
    other.addresses.gate().replace(gate.house.addresses.gate().rules());
    List<Long> ids = new ArrayList<>();
    List<Runnable> sendings = new ArrayList<>();
    for (int i = 0; i < mails; i++) {
      ids.add(gate.mail(ANNA, i % 2 == 0 ? "EVTa" : "EVTb", "D-" + i));
      DeliveryFixture sidecar = i % 2 == 0 ? gate.house : other;
      ClaimedPackage claimed = sidecar.module.queue().claim().get(0);
      sendings.add(() -> sidecar.send(claimed));
    }
    atOnce(sendings);
    for (int turn = 0; turn < 5; turn++) {
      clock(Duration.ofSeconds(10));
      gate.house.sendDue();
    }
    assertThat(gate.sink.taken()).hasSize(mails - 1);
    assertThat(ids.stream().map(gate::ended).filter("sent"::equals)).hasSize(mails - 1);
    assertThat(ids.stream().map(gate::ended)).containsOnlyOnce("cancelled 12");
    other.close();
  }

  @Test
  void a_place_of_a_mail_that_failed_is_free_again() throws Exception {
    gate.inForce(THREE.replace("most: 3", "most: 1"));
    long first = gate.mail(ANNA, "EVTa", "D-1");
    ClaimedPackage inTheAir = gate.house.module.queue().claim().get(0);
    assertThat(gate.house.module.sender().prepare(inTheAir).isOpen()).isTrue();
    long second = gate.mail(ANNA, "EVTa", "D-2");
    gate.house.sendDue();
    assertThat(gate.ended(second)).as("nobody knows yet").startsWith("waiting");
    assertThat(gate.house.column(second, "failure_rule")).isEqualTo("gate-waits");
    assertThat(gate.house.column(second, "attempts - unspent")).isEqualTo("0");

    gate.house.module.settlement().failed(inTheAir, new java.io.IOException("reset"));
    clock(Duration.ofSeconds(5));
    gate.house.sendDue();
    assertThat(gate.ended(second)).isEqualTo("sent");
    clock(Duration.ofHours(2));
    gate.house.sendDue();
    assertThat(gate.ended(first)).as("now it is the one too many").isEqualTo("cancelled 12");
  }

  @Test
  void what_may_have_been_handed_over_counts() {
    gate.inForce(THREE.replace("most: 3", "most: 1"));
    long first = gate.mail(ANNA, "EVTa", "D-1");
    gate.house.sendDue();
    gate.jdbi.useHandle(
        h -> h.execute("UPDATE work_package SET state = 'uncertain' WHERE id = ?", first));
    assertThat(gate.send(ANNA, "EVTb", "D-2")).isEqualTo("cancelled 12");
    gate.jdbi.useHandle(
        h -> h.execute("UPDATE work_package SET state = 'error' WHERE id = ?", first));
    assertThat(gate.send(ANNA, "EVTb", "D-3")).as("it came back").isEqualTo("sent");
  }

  @Test
  void only_its_messages_and_its_time_count() {
    gate.inForce(THREE);
    assertThat(gate.send(ANNA, "EVTother", "D-0")).isEqualTo("sent");
    for (int i = 1; i <= 3; i++) {
      assertThat(gate.send(ANNA, "EVTa", "D-" + i)).isEqualTo("sent");
      clock(Duration.ofDays(1));
    }
    assertThat(gate.send(ANNA, "EVTb", "D-4")).isEqualTo("cancelled 12");
    assertThat(gate.send("bert@example.com", "EVTb", "D-4")).isEqualTo("sent");
    clock(Duration.ofDays(4).plusSeconds(1));
    assertThat(gate.send(ANNA, "EVTb", "D-5")).as("the first is a week ago").isEqualTo("sent");
    assertThat(gate.send(ANNA, "EVTb", "D-6")).isEqualTo("cancelled 12");
  }

  @Test
  void a_cap_may_be_for_a_domain_and_for_every_message() {
    gate.inForce("caps: [{id: two, messages: '*', per: domain, most: 2, within: 1h, because: x}]");
    assertThat(gate.send("a@example.com", "EVTa", null)).isEqualTo("sent");
    assertThat(gate.send("b@example.com", "EVTb", null)).isEqualTo("sent");
    assertThat(gate.send("c@example.com", "EVTc", null)).isEqualTo("cancelled 12");
    assertThat(gate.send("c@example.net", "EVTc", null)).isEqualTo("sent");
  }

  @Test
  void who_asks_early_is_told_early_and_nothing_is_counted() {
    gate.inForce(THREE.replace("most: 3", "most: 1"));
    GateRequest asking = GateRequest.arriving(ANNA, "EVTa", null, "D-9", null);
    assertThat(gate.house.addresses.gate().look(List.of(asking, asking)))
        .allMatch(answer -> answer.isOpen());
    assertThat(gate.send(ANNA, "EVTa", "D-1")).isEqualTo("sent");
    assertThat(gate.house.addresses.gate().look(List.of(asking)))
        .noneMatch(answer -> answer.isOpen());
  }

  private void clock(Duration by) {
    gate.clock.tick(by);
  }

  private static void atOnce(List<Runnable> sendings) throws Exception {
    CyclicBarrier together = new CyclicBarrier(sendings.size());
    ExecutorService threads = Executors.newFixedThreadPool(sendings.size());
    try {
      List<Callable<Boolean>> all = new ArrayList<>();
      for (Runnable sending : sendings) {
        all.add(
            () -> {
              together.await(30, TimeUnit.SECONDS);
              sending.run();
              return true;
            });
      }
      for (Future<Boolean> each : threads.invokeAll(all)) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
