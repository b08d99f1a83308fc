package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BouncesFixture.Sent;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whose word counts: nobody's, unless it is proved; and what the setting for migrations opens. */
class TrustTest {
  private static final String UNKNOWN = "550 5.1.1 User unknown";

  @Test
  void forged_bounces_for_a_thousand_addresses_change_none_of_them() {
    try (BouncesFixture house = new BouncesFixture(Map.of())) {
      BounceDesk desk = house.desk();
      for (int i = 0; i < 1_000; i++) {
        String address = "customer" + i + "@example.com";
        Sent sent = house.sent(address);
        int at = sent.returnPath().indexOf('+') + 1 + i % 20;
        char other = sent.returnPath().charAt(at) == 'b' ? 'c' : 'b';
        String forged =
            switch (i % 4) {
              case 0 -> "bounces@shop.example";
              case 1 ->
                  sent.returnPath().substring(0, at) + other + sent.returnPath().substring(at + 1);
              case 2 -> house.sent("mallory" + i + "@evil.example").returnPath();
              default -> "bounce+" + "a".repeat(37) + "@shop.example";
            };
        String messageId = i % 2 == 0 ? "<made-up-" + i + "@shop.example>" : "";
        byte[] mail = Returned.report(forged, address, "failed", UNKNOWN, messageId);
        desk.receive("test", new RawMail(mail, mail.length));
      }
      assertThat(house.count("bounce")).isEqualTo(1_000);
      assertThat(
              IntStream.range(0, 1_000)
                  .filter(i -> !house.addresses.gate("customer" + i + "@example.com").isOpen()))
          .isEmpty();
      assertThat(house.text("SELECT count(*) FROM address WHERE address LIKE 'customer%'"))
          .isEqualTo("0");
      assertThat(
              house.text(
                  "SELECT count(*) FROM work_package"
                      + " WHERE recipient LIKE 'customer%' AND state <> 'sent'"))
          .isEqualTo("0");
    }
  }

  @Test
  void while_a_former_systems_mails_come_back_unsigned_ones_can_be_believed() {
    try (BouncesFixture house = new BouncesFixture(Map.of("bounces.trust", "unsigned"))) {
      receive(
          house, Returned.report("bounces@shop.example", "old@example.com", "failed", UNKNOWN, ""));
      assertThat(house.addresses.gate("old@example.com").isOpen()).isFalse();
      assertThat(house.text("SELECT correlation FROM bounce")).isEqualTo("unsigned");
      assertThat(house.text("SELECT consequence FROM bounce_recipient"))
          .startsWith("Believed without proof (bounces.trust): Quarantined at once");
    }
  }

  @Test
  void even_then_a_forged_token_is_not_believed() {
    try (BouncesFixture house = new BouncesFixture(Map.of("bounces.trust", "unsigned"))) {
      Sent sent = house.sent("anna@example.com");
      String forged = sent.returnPath().replaceFirst("\\+(.)", "+7");
      receive(house, Returned.report(forged, "anna@example.com", "failed", UNKNOWN, ""));
      assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
      assertThat(house.text("SELECT correlation FROM bounce")).isEqualTo("unmatched");
    }
  }

  private static void receive(BouncesFixture house, byte[] mail) {
    house.desk().receive("test", new RawMail(mail, mail.length));
  }
}
