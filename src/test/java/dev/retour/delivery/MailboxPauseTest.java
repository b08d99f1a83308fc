package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Ports;
import dev.retour.support.ScriptedRelay;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fault of the mailbox is not a fault of the mails in the queue (spec A8). */
class MailboxPauseTest {
  private static final Map<String, String> LOGIN =
      Map.of(
          "smtp.user", "shop",
          "smtp.password", "secret-of-the-shop",
          "smtp.password-in-the-clear", "true",
          "smtp.tls", "disabled");

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final ScriptedRelay relay =
      new ScriptedRelay((n, command) -> ScriptedRelay.well(command));
  private DeliveryFixture house = house(relay.port(), LOGIN);

  @AfterEach
  void close() {
    house.close();
    relay.close();
  }

  @Test
  void a_refused_login_pauses_the_mailbox_and_spends_no_attempt() {
    relay.says(refusing("AUTH", "535 5.7.8 Authentication credentials invalid"));
    long first = house.enqueue("anna@example.com");
    long second = house.enqueue("bert@example.com");

    house.sendDue();

    assertThat(house.module.relay().state().up()).isFalse();
    assertThat(house.module.relay().state().since()).isEqualTo(clock.instant());
    for (long id : List.of(first, second)) {
      assertThat(house.column(id, "state")).isEqualTo("waiting");
      assertThat(house.column(id, "failure_text"))
          .contains("mailbox is paused", "535 5.7.8")
          .doesNotContain("secret-of-the-shop");
      assertThat(QueuedMail.find(jdbi, id).orElseThrow().spent()).isZero();
    }
    assertThat(relay.connections()).as("the second mail did not try again").isOne();
    assertThat(house.module.queue().due(100)).isEqualTo(2);

    clock.tick(Duration.ofMillis(900));
    long later = house.enqueue("cora@example.com");
    assertThat(house.sendDue()).as("nothing is claimed while paused").isZero();
    assertThat(house.column(later, "state")).isEqualTo("waiting");
    assertThat(house.column(later, "failure_text")).contains("mailbox is paused", "535 5.7.8");
    assertThat(house.attemptTimes(later)).as("it was not even tried").isEmpty();

    relay.says((n, command) -> ScriptedRelay.well(command));
    clock.tick(Duration.ofMillis(100));
    house.module.sender().probe();
    assertThat(house.sendDue()).isEqualTo(3);
    assertThat(relay.bodies()).hasSize(3);
    assertThat(house.column(first, "state")).isEqualTo("sent");
    assertThat(house.column(first, "failure_text")).isNull();
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
  }

  @Test
  void whatever_keeps_the_mailbox_from_being_used_pauses_it() {
    Map<String, String> tls = new HashMap<>(LOGIN);
    tls.put("smtp.tls", "implicit");
    Map<String, String> unknown = new HashMap<>(LOGIN);
    unknown.put("smtp.host", "no-such-host.invalid");
    Map<String, String> impatient = new HashMap<>(LOGIN);
    impatient.put("smtp.answer-timeout", "500ms");

    relay.says(refusing("AUTH", "534 5.7.9 Please log in with your browser"));
    assertPaused("534", relay.port(), LOGIN);
    relay.says(refusing("AUTH", "454 4.7.0 Temporary authentication failure"));
    assertPaused("454", relay.port(), LOGIN);
    relay.says(refusing("MAIL", "530 5.7.0 Authentication required"));
    assertPaused("530 at MAIL", relay.port(), Map.of("smtp.tls", "disabled"));
    relay.says(refusing("", "421 4.3.2 Too busy"));
    assertPaused("421 as greeting", relay.port(), LOGIN);
    relay.says((n, command) -> ScriptedRelay.SILENCE);
    assertPaused("no greeting", relay.port(), impatient);
    relay.says((n, command) -> ScriptedRelay.well(command));
    assertPaused("no TLS there", relay.port(), tls);
    assertPaused("nobody listens", Ports.free(), LOGIN);
    assertPaused("unknown host", relay.port(), unknown);
  }

  @Test
  void a_refusal_of_a_sender_or_recipient_pauses_nothing() {
    relay.says(refusing("MAIL", "451 4.7.1 Sender tries too often"));
    long id = house.enqueue("anna@example.com");
    house.sendDue();
    assertThat(house.module.relay().state().up()).isTrue();
    assertThat(QueuedMail.find(jdbi, id).orElseThrow().spent()).isOne();

    relay.says(refusing("RCPT", "530 5.7.0 Not for you"));
    long other = house.enqueue("bert@example.com");
    house.sendDue();
    assertThat(house.module.relay().state().up()).isTrue();
    assertThat(house.column(other, "state")).isEqualTo("error");
  }

  @Test
  void probing_backs_off_to_a_minute_and_the_pause_tells_since_when() {
    relay.says(refusing("AUTH", "535 5.7.8 No"));
    house.enqueue("anna@example.com");
    house.sendDue();
    var since = clock.instant();
    int before = relay.connections();
    for (int second = 0; second < 600; second++) {
      clock.tick(Duration.ofSeconds(1));
      house.module.sender().probe();
    }
    // after 1, 2, 4, 8, 16, 32 s, then each 60 s
    assertThat(relay.connections() - before).isEqualTo(6 + (600 - 63) / 60);
    assertThat(house.module.relay().state().since()).isEqualTo(since);
  }

  @Test
  void another_outage_begins_with_small_distances_also_when_no_mail_went_since_the_last_one() {
    relay.says(refusing("AUTH", "535 5.7.8 No"));
    long id = house.enqueue("anna@example.com");
    house.sendDue();
    for (int minute = 0; minute < 10; minute++) {
      clock.tick(Duration.ofMinutes(1));
      house.module.sender().probe();
    }
    jdbi.useHandle(h -> h.execute("UPDATE work_package SET state = 'cancelled', due_at = NULL"));
    relay.says((n, command) -> ScriptedRelay.well(command));
    clock.tick(Duration.ofMinutes(1));
    house.module.sender().probe();
    assertThat(house.module.relay().state().up()).isTrue();

    clock.tick(Duration.ofMinutes(1));
    relay.says(refusing("AUTH", "454 4.7.0 Temporary authentication failure"));
    long later = house.enqueue("bert@example.com");
    house.sendDue();
    assertThat(house.module.relay().probeAt()).isEqualTo(clock.instant().plusSeconds(1));
    assertThat(house.column(id, "state")).isEqualTo("cancelled");
    assertThat(house.column(later, "state")).isEqualTo("waiting");
  }

  @Test
  void a_relay_that_greets_but_takes_nothing_is_not_asked_each_second() {
    house.close();
    house = house(relay.port(), Map.of("smtp.tls", "disabled"));
    relay.says(refusing("MAIL", "530 5.7.0 Authentication required"));
    long id = house.enqueue("anna@example.com");
    int tries = 0;
    for (int second = 0; second < 300; second++) {
      tries += house.sendDue();
      clock.tick(Duration.ofSeconds(1));
      house.module.sender().probe();
    }
    assertThat(tries).isLessThan(15);
    assertThat(QueuedMail.find(jdbi, id).orElseThrow().spent()).isZero();
    assertThat(house.column(id, "state")).isEqualTo("waiting");
  }

  @Test
  void what_waits_for_a_paused_mailbox_still_expires() {
    relay.says(refusing("AUTH", "535 5.7.8 No"));
    long id = house.enqueue("anna@example.com");
    house.sendDue();
    clock.tick(Duration.ofDays(6));
    house.sendDue();
    assertThat(house.column(id, "state")).isEqualTo("expired");
    assertThat(house.column(id, "failure_text")).contains("535 5.7.8");
  }

  private void assertPaused(String what, int port, Map<String, String> settings) {
    try (DeliveryFixture other = house(port, settings)) {
      long id = other.enqueue("anna@example.com");
      other.sendDue();
      assertThat(other.module.relay().state().up()).as(what).isFalse();
      assertThat(other.column(id, "state")).as(what).isEqualTo("waiting");
      assertThat(other.column(id, "failure_rule")).as(what).isEqualTo("mailbox-paused");
      assertThat(QueuedMail.find(jdbi, id).orElseThrow().spent()).as(what).isZero();
      jdbi.useHandle(h -> h.execute("UPDATE work_package SET state = 'cancelled', due_at = NULL"));
    }
  }

  private static ScriptedRelay.Script refusing(String command, String answer) {
    return (connection, given) ->
        (command.isEmpty() ? given.isEmpty() : given.startsWith(command))
            ? answer
            : ScriptedRelay.well(given);
  }

  private DeliveryFixture house(int port, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("smtp.port", DeliveryFixture.port(port));
    return new DeliveryFixture(jdbi, clock, clock, DeliveryFixture.shippedRules(), settings);
  }
}
