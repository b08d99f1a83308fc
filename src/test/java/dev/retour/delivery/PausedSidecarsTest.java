package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedRelay;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one sidecar cannot send another may, and each mail goes out once (spec A8). */
class PausedSidecarsTest {
  private final MailboxesFixture it = new MailboxesFixture();

  @AfterEach
  void close() throws Exception {
    it.close();
  }

  @Test
  void two_sidecars_judge_for_themselves_and_what_one_holds_the_other_sends() {
    ScriptedRelay mine = it.relay(MailboxesFixture.refusing("AUTH", "535 5.7.8 Wrong password"));
    ScriptedRelay theirs = it.relay((n, command) -> ScriptedRelay.well(command));
    DeliveryFixture here = it.house("node-a", mine.port(), MailboxesFixture.login());
    DeliveryFixture there = it.house("node-b", theirs.port(), MailboxesFixture.login());
    List<Long> ids = here.enqueue(300, "other.example");
    here.sendDue();
    here.sendDue();
    assertThat(it.states(ids)).containsOnly("waiting");
    assertThat(here.sendDue()).isZero();

    while (there.sendDue() > 0) {}
    assertThat(it.states(ids)).containsOnly("sent");
    assertThat(theirs.bodies()).as("each once").hasSize(300);
    assertThat(here.sendDue()).isZero();
  }

  @Test
  void of_two_sidecars_that_both_wait_each_mail_goes_out_once() {
    ScriptedRelay ours = it.relay(MailboxesFixture.refusing("AUTH", "535 5.7.8 Wrong password"));
    DeliveryFixture here = it.house("node-a", ours.port(), MailboxesFixture.login());
    DeliveryFixture there = it.house("node-b", ours.port(), MailboxesFixture.login());
    List<Long> ids = here.enqueue(600, "other.example");
    for (int turn = 0; turn < 3; turn++) {
      here.sendDue();
      there.sendDue();
    }
    assertThat(it.states(ids)).containsOnly("waiting");
    assertThat(it.count("attempts > unspent")).isZero();
    ours.says((n, command) -> ScriptedRelay.well(command));
    it.clock.tick(Duration.ofMinutes(1));
    here.module.sender().probe();
    there.module.sender().probe();
    while (here.sendDue() + there.sendDue() > 0) {}
    assertThat(it.states(ids)).containsOnly("sent");
    assertThat(ours.bodies()).hasSize(600);
  }

  @Test
  void a_clock_that_jumps_five_days_expires_what_waits_and_one_of_an_hour_does_not() {
    ScriptedRelay ours = it.relay(MailboxesFixture.refusing("AUTH", "535 5.7.8 Wrong password"));
    DeliveryFixture house = it.house("node-a", ours.port(), MailboxesFixture.login());
    List<Long> ids = house.enqueue(20, "other.example");
    house.sendDue();
    house.sendDue();
    it.clock.tick(Duration.ofHours(24));
    house.module.sender().probe();
    assertThat(house.sendDue()).isZero();
    assertThat(it.states(ids)).containsOnly("waiting");
    it.clock.tick(Duration.ofDays(5));
    house.sendDue();
    assertThat(it.states(ids)).containsOnly("expired");
    assertThat(house.column(ids.get(0), "failure_text")).contains("535 5.7.8");
    assertThat(it.held()).isEmpty();
  }
}
