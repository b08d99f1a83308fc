package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BouncesFixture.Sent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BounceCleanUpTest {
  private final BouncesFixture house =
      new BouncesFixture(Map.of("bounces.raw-retention", "30d", "bounces.retention", "90d"));
  private final BounceCleanUp cleanUp =
      new BounceCleanUp(
          house.jdbi,
          house.clock,
          new BouncesConfig.Retention(Duration.ofDays(30), Duration.ofDays(90)));

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void first_the_bytes_go_then_the_decision_and_the_address_keeps_its_state() {
    receive();
    house.clock.tick(Duration.ofDays(29));
    assertThat(cleanUp.dropRawMails()).isZero();

    house.clock.tick(Duration.ofDays(2));
    assertThat(cleanUp.dropRawMails()).isEqualTo(1);
    assertThat(cleanUp.dropRawMails()).isZero();
    assertThat(cleanUp.deleteOld()).isZero();
    assertThat(house.text("SELECT rule_id FROM bounce_recipient")).isNotEmpty();

    house.clock.tick(Duration.ofDays(60));
    assertThat(cleanUp.deleteOld()).isEqualTo(1);
    assertThat(house.count("bounce_recipient")).isZero();
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
    assertThat(house.addresses.history("anna@example.com", 10)).hasSize(1);
  }

  @Test
  void a_mail_whose_bytes_are_gone_is_still_known_when_it_comes_again() {
    byte[] mail = receive();
    house.clock.tick(Duration.ofDays(31));
    cleanUp.dropRawMails();
    assertThat(house.desk().receive("test", new RawMail(mail, mail.length)).isNew()).isFalse();
  }

  private byte[] receive() {
    Sent sent = house.sent("anna@example.com");
    byte[] mail =
        Returned.report(
            sent.returnPath(), "anna@example.com", "failed", "550 5.1.1 User unknown", "");
    house.desk().receive("test", new RawMail(mail, mail.length));
    return mail;
  }
}
