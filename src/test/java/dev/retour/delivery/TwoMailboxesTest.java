package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.mail.EmailAddress;
import dev.retour.support.ScriptedRelay;
import dev.retour.support.ScriptedSmtp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A paused mailbox keeps only its own mails waiting, whichever of several it is (spec A8). */
class TwoMailboxesTest {
  private static final String PAUSED = "mailbox-paused";

  private final MailboxesFixture it = new MailboxesFixture();
  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    it.close();
  }

  @Test
  void two_thousand_mails_of_a_wrong_password_hold_up_no_other_and_go_out_once_it_is_repaired()
      throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "wrong");
    ScriptedSmtp partner = it.partner("right");
    it.partnerBy(MailboxesFixture.partnerRule(partner.port(), password));
    DeliveryFixture house = it.house("node-a", it.sink.port());
    List<Long> behind = house.enqueue(2_000, "partner.example");
    List<Long> others = house.enqueue(10, "other.example");

    house.sendDue();
    house.sendDue();

    assertThat(it.states(others)).containsOnly("sent");
    for (int turn = 0; turn < 4; turn++) {
      assertThat(house.sendDue()).as("nothing is claimed for it any more").isZero();
    }
    assertThat(it.count("state = 'waiting' AND failure_rule = '" + PAUSED + "'")).isEqualTo(2_000);
    assertThat(it.count("attempts > unspent AND state = 'waiting'")).isZero();
    assertThat(it.count("attempts > 0 AND state = 'waiting'"))
        .as("only what was in hand was tried")
        .isLessThanOrEqualTo(200);
    assertThat(house.column(behind.get(1_999), "failure_text"))
        .contains("The mailbox 127.0.0.1:" + partner.port() + ", user shop is paused", "535 5.7.8");
    assertThat(house.module.relay().state().up()).isTrue();
    RelayMonitor mailbox = house.module.domainRelays().get(0);
    assertThat(mailbox.mailbox()).isEqualTo("127.0.0.1:" + partner.port() + ", user shop");
    assertThat(mailbox.state().up()).isFalse();
    assertThat(house.module.queue().waitingFor(mailbox, 10_000)).isEqualTo(2_000);
    assertThat(house.module.queue().due(10_000)).isEqualTo(2_000);

    int logins = partner.connections();
    house.module.sender().probe();
    assertThat(partner.connections()).as("not before its time").isEqualTo(logins);
    it.clock.tick(Duration.ofMinutes(1));
    house.module.sender().probe();
    house.module.sender().probe();
    assertThat(partner.connections()).as("one probe, with the password read anew").isLessThan(4);
    assertThat(house.sendDue()).isZero();

    Files.writeString(password, "right");
    it.clock.tick(Duration.ofMinutes(1));
    house.module.sender().probe();
    assertThat(mailbox.state().up()).isTrue();
    while (house.sendDue() > 0) {}
    assertThat(it.count("state = 'sent'")).isEqualTo(2_010);
    assertThat(partner.bodies()).as("each once").hasSize(2_000);
    assertThat(it.count("failure_text IS NOT NULL")).isZero();
    assertThat(it.held()).isEmpty();
  }

  @Test
  void the_mailbox_of_the_settings_holds_up_no_other_either() {
    ScriptedRelay ours = it.relay(MailboxesFixture.refusing("AUTH", "535 5.7.8 Wrong password"));
    it.partnerBy("relay: {host: 127.0.0.1, port: " + it.sink.port() + ", tls: disabled}");
    DeliveryFixture house = it.house("node-a", ours.port(), MailboxesFixture.login());
    List<Long> behind = house.enqueue(1_000, "other.example");
    List<Long> others = house.enqueue(10, "partner.example");
    house.sendDue();
    house.sendDue();
    house.sendDue();
    assertThat(it.states(others)).containsOnly("sent");
    assertThat(it.states(behind)).containsOnly("waiting");
    assertThat(house.column(behind.get(999), "failure_text"))
        .startsWith("The mailbox is paused, this mail waits for it: ")
        .contains("535 5.7.8");
    assertThat(it.count("attempts > unspent AND state = 'waiting'")).isZero();
    assertThat(house.module.relay().state().up()).isFalse();
    assertThat(house.module.domainRelays()).allMatch(each -> each.state().up());

    long later = house.enqueue("late@partner.example");
    house.sendDue();
    assertThat(house.column(later, "state")).as("at full speed").isEqualTo("sent");

    ours.says((n, command) -> ScriptedRelay.well(command));
    it.clock.tick(Duration.ofSeconds(1));
    house.module.sender().probe();
    while (house.sendDue() > 0) {}
    assertThat(it.states(behind)).containsOnly("sent");
    assertThat(ours.bodies()).hasSize(1_000);
  }

  @Test
  void however_many_stand_in_front_the_first_turns_pass_them() {
    ScriptedRelay ours = it.relay(MailboxesFixture.refusing("AUTH", "535 5.7.8 Wrong password"));
    it.partnerBy("relay: {host: 127.0.0.1, port: " + it.sink.port() + ", tls: disabled}");
    DeliveryFixture house = it.house("node-a", ours.port(), MailboxesFixture.login());
    house.module.sender().probe();
    assertThat(house.module.relay().state().up()).isFalse();
    it.jdbi.useTransaction(
        h ->
            new BacklogStore()
                .insert(
                    h,
                    12_000,
                    new byte[1],
                    it.clock.instant(),
                    it.clock.instant(),
                    it.clock.instant().plus(Duration.ofDays(5))));
    List<Long> others = house.enqueue(10, "partner.example");
    assertThat(house.sendDue()).as("in the very first turn").isEqualTo(10);
    assertThat(it.states(others)).containsOnly("sent");
    assertThat(it.count("attempts > 0 AND state <> 'sent'")).isZero();
    assertThat(house.module.queue().waitingFor(house.module.relay(), 50_000)).isEqualTo(12_000);
    house.sendDue();
    assertThat(it.count("state = 'waiting'")).as("they say so page by page").isEqualTo(1_000);
    it.jdbi.useHandle(h -> h.execute("UPDATE work_package SET state = 'cancelled', due_at = NULL"));
  }

  @Test
  void a_relay_no_rule_names_any_more_pauses_nothing() {
    ScriptedRelay gone = it.relay(MailboxesFixture.refusing("", "421 4.3.2 Closed for good"));
    it.partnerBy("relay: {host: 127.0.0.1, port: " + gone.port() + ", tls: disabled}");
    DeliveryFixture house = it.house("node-a", it.sink.port());
    house.module.sender().probe();
    assertThat(house.module.domainRelays())
        .as("tried before a mail goes there")
        .anyMatch(each -> !each.state().up());
    List<Long> ids = house.enqueue(20, "partner.example");
    assertThat(house.sendDue()).isZero();
    assertThat(it.count("attempts > 0")).isZero();
    it.partnerBy("relay: smarthost");
    assertThat(house.sendDue()).isEqualTo(20);
    assertThat(it.states(ids)).containsOnly("sent");
    assertThat(house.module.domainRelays()).isEmpty();
  }

  @Test
  void a_silent_mailbox_keeps_no_other_from_being_tried() {
    ScriptedRelay silent = it.relay((n, command) -> ScriptedRelay.SILENCE);
    it.partnerBy("relay: {host: 127.0.0.1, port: " + silent.port() + ", tls: disabled}");
    ScriptedRelay ours = it.relay(MailboxesFixture.refusing("AUTH", "535 5.7.8 Wrong password"));
    Map<String, String> patient = new HashMap<>(MailboxesFixture.login());
    patient.put("smtp.answer-timeout", "60s");
    DeliveryFixture house = it.house("node-a", ours.port(), patient);
    house.module.sender().probe();
    assertThat(house.module.relay().state().up()).isFalse();
    assertThat(silent.connections()).isOne();

    ours.says((n, command) -> ScriptedRelay.well(command));
    it.clock.tick(Duration.ofSeconds(1));
    house.module.sender().probe();
    assertThat(house.module.relay().state().up()).isTrue();
    assertThat(silent.connections()).as("still waited for, and not asked twice").isOne();
  }

  @Test
  void another_recipient_goes_another_way() {
    ScriptedRelay ours = it.relay(MailboxesFixture.refusing("AUTH", "535 5.7.8 Wrong password"));
    it.partnerBy("relay: {host: 127.0.0.1, port: " + it.sink.port() + ", tls: disabled}");
    DeliveryFixture house = it.house("node-a", ours.port(), MailboxesFixture.login());
    house.module.sender().probe();
    long id = house.enqueue("anna@other.example");
    assertThat(house.sendDue()).isZero();
    assertThat(house.column(id, "failure_rule")).isEqualTo(PAUSED);
    it.jdbi.useHandle(
        h ->
            new QueueDeskStore()
                .recipient(
                    h,
                    id,
                    EmailAddress.parse("anna@partner.example").orElseThrow(),
                    it.clock.instant()));
    assertThat(house.sendDue()).isOne();
    assertThat(house.column(id, "state")).isEqualTo("sent");
  }
}
