package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A domain that refuses too much pauses, waits unfailed and begins gently. */
class SuspendedDomainTest {
  private final DomainsFixture it = new DomainsFixture();

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void a_domain_that_refuses_300_mails_pauses_and_all_others_wait_unfailed_until_it_recovers() {
    DeliveryFixture house = it.house(it.sink.port());
    for (int i = 0; i < 300; i++) {
      house.enqueue("451.user" + i + "@slow.example");
    }
    while (house.sendDue() > 0) {
      it.room().traffic().flush();
    }
    // Their own redelivery is not what this is about.
    it.jdbi.useHandle(
        h ->
            h.execute(
                "UPDATE work_package SET due_at = due_at + interval '2 days' WHERE id <= 300"));
    List<Long> later = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      later.add(house.enqueue("user" + i + "@slow.example"));
    }
    long other = house.enqueue("anna@quick.example");
    while (house.sendDue() > 0) {
      it.room().traffic().flush();
    }

    assertThat(it.states(other)).containsExactly("sent");
    assertThat(it.sink.taken()).hasSize(1);
    assertThat(it.states(later)).containsOnly("waiting");
    assertThat(house.column(later.get(0), "failure_text"))
        .contains("sending to slow.example pauses");
    assertThat(house.column(later.get(0), "failure_rule")).isEqualTo("domain-suspended");
    assertThat(it.sum("attempts"))
        .as("of 701 mails the backlog was not even claimed")
        .isEqualTo(301);
    it.clock.tick(Duration.ofHours(2));
    assertThat(house.sendDue()).as("none is claimed during the pause").isZero();

    it.clock.tick(Duration.ofHours(1));
    it.room().traffic().flush();
    int[] afterMinute = new int[30];
    for (int minute = 0; minute < afterMinute.length; minute++) {
      while (house.sendDue() > 0) {
        it.room().traffic().flush();
      }
      afterMinute[minute] = it.sink.taken().size() - 1;
      it.clock.tick(Duration.ofMinutes(1));
    }
    assertThat(afterMinute[0]).as("a few probes first").isBetween(1, 5);
    assertThat(afterMinute[1]).isBetween(6, 15);
    assertThat(it.states(later)).containsOnly("sent");
    assertThat(it.sum("attempts")).as("each went out at its first attempt").isEqualTo(701);
    assertThat(it.sum("unspent")).isZero();
    assertThat(it.room().suspensions().list()).isEmpty();
  }

  @Test
  void mails_come_back_when_a_person_ends_the_pause() {
    it.room().suspensions().suspend("slow.example", Duration.ofDays(1), "olga", "test");
    it.room().traffic().flush();
    DeliveryFixture house = it.house(it.sink.port());
    long id = house.enqueue("anna@slow.example");
    house.sendDue();
    assertThat(house.column(id, "attempts")).as("it was not even tried").isEqualTo("0");
    assertThat(new DeferredMails(it.jdbi).waitingFor("slow.example")).isOne();
    it.room().suspensions().resume("slow.example", "olga", "test");
    it.room().traffic().flush();
    house.sendDue();
    assertThat(it.states(id)).containsExactly("sent");
  }

  @Test
  void a_pause_that_begins_anew_says_until_when() {
    DeliveryFixture house = it.house(it.sink.port());
    it.room().suspensions().suspend("slow.example", Duration.ofHours(1), "olga", "test");
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(house.enqueue("451.user" + i + "@slow.example"));
    }
    assertThat(house.sendDue()).isZero();
    String first = house.column(ids.get(19), "failure_text");
    assertThat(first).contains("pauses until " + it.clock.instant().plus(Duration.ofHours(1)));
    it.clock.tick(Duration.ofHours(1));
    it.room().traffic().flush();
    assertThat(house.sendDue()).as("probes").isEqualTo(5);
    it.room().traffic().flush();
    assertThat(house.sendDue()).as("asks, and is told to wait").isLessThanOrEqualTo(1);
    it.room().traffic().flush();
    it.clock.tick(Duration.ofSeconds(2));
    house.sendDue();
    house.sendDue();
    assertThat(house.column(ids.get(19), "failure_text"))
        .contains("pauses until")
        .isNotEqualTo(first);
    assertThat(it.sum("attempts - unspent")).isEqualTo(5);
  }
}
