package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BouncesFixture.Sent;
import dev.retour.domains.Admission;
import dev.retour.domains.DomainTraffic.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Behind a relay that takes everything, a domain's refusals are learnt by bounce (spec B8). */
class SuspensionByBounceTest {
  private static final String REFUSED = "550 5.7.1 Your address is blocked here";
  private static final String DOMAIN = "strict.example";

  @Test
  void nine_of_ten_that_come_back_pause_the_domain() {
    try (BouncesFixture house = new BouncesFixture(Map.of())) {
      List<Sent> sent = accepted(house, 300);
      bounce(house, sent.subList(0, 269));
      assertThat(isSuspended(house)).isFalse();
      assertThat(house.domains.suspensions().counted(DOMAIN).messages()).isEqualTo(300);
      assertThat(house.domains.suspensions().counted(DOMAIN).errors()).isEqualTo(269);

      bounce(house, sent.subList(269, 270));
      assertThat(isSuspended(house)).isTrue();
      assertThat(house.domains.suspensions().history(DOMAIN, 1).get(0).because())
          .isEqualTo("270 of 300 mails of the last 60 minutes were refused or came back.");
    }
  }

  @Test
  void a_bounce_that_comes_twice_counts_once() {
    try (BouncesFixture house = new BouncesFixture(Map.of())) {
      List<Sent> sent = accepted(house, 300);
      bounce(house, sent.subList(0, 140));
      bounce(house, sent.subList(0, 140));
      assertThat(house.domains.suspensions().counted(DOMAIN).errors()).isEqualTo(140);
      assertThat(isSuspended(house)).isFalse();
    }
  }

  @Test
  void what_nothing_proves_counts_nothing_even_where_it_is_believed() {
    try (BouncesFixture house = new BouncesFixture(Map.of("bounces.trust", "unsigned"))) {
      List<Sent> sent = accepted(house, 300);
      for (int i = 0; i < 300; i++) {
        String forged =
            i % 2 == 0
                ? "bounces@shop.example"
                : sent.get(i).returnPath().replaceFirst("\\+(.)", "+7");
        receive(house, forged, i, "<made-up-" + i + "@shop.example>");
      }
      house.domains.traffic().flush();
      assertThat(house.domains.suspensions().counted(DOMAIN).errors()).isZero();
      assertThat(isSuspended(house)).isFalse();
    }
  }

  @Test
  void what_comes_back_after_the_window_says_nothing_about_it() {
    try (BouncesFixture house = new BouncesFixture(Map.of())) {
      List<Sent> sent = accepted(house, 300);
      house.clock.tick(Duration.ofMinutes(70));
      bounce(house, sent);
      assertThat(isSuspended(house)).isFalse();
      assertThat(house.packageState(sent.get(0))).isEqualTo("error");
    }
  }

  @Test
  void probes_that_come_back_begin_the_pause_anew_and_older_mails_do_not() {
    try (BouncesFixture house = new BouncesFixture(Map.of())) {
      List<Sent> sent = accepted(house, 300);
      bounce(house, sent.subList(0, 270));
      assertThat(isSuspended(house)).isTrue();
      house.clock.tick(Duration.ofHours(3));
      for (int i = 0; i < 5; i++) {
        assertThat(house.domains.traffic().admit(DOMAIN)).isInstanceOf(Admission.Go.class);
      }
      bounce(house, sent.subList(270, 300));
      assertThat(house.domains.suspensions().find(DOMAIN).orElseThrow().refused())
          .as("sent before the pause")
          .isZero();
      List<Sent> probes = accepted(house, 5);
      bounce(house, probes);
      assertThat(house.domains.traffic().admit(DOMAIN)).isInstanceOf(Admission.Wait.class);
      assertThat(house.domains.suspensions().find(DOMAIN).orElseThrow().because())
          .isEqualTo("After the pause 5 of 5 mails were refused again.");
    }
  }

  /** Sent, and counted so. */
  private static List<Sent> accepted(BouncesFixture house, int mails) {
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < mails; i++) {
      sent.add(house.sent("customer" + i + "@" + DOMAIN));
      house.domains.traffic().result(DOMAIN, Outcome.ACCEPTED);
    }
    house.domains.traffic().flush();
    return sent;
  }

  private static void bounce(BouncesFixture house, List<Sent> sent) {
    for (int i = 0; i < sent.size(); i++) {
      receive(house, sent.get(i).returnPath(), i, sent.get(i).messageId());
    }
    house.domains.traffic().flush();
  }

  private static void receive(BouncesFixture house, String to, int customer, String messageId) {
    byte[] mail =
        Returned.report(to, "customer" + customer + "@" + DOMAIN, "failed", REFUSED, messageId);
    house.desk().receive("test", new RawMail(mail, mail.length));
  }

  private static boolean isSuspended(BouncesFixture house) {
    return house.domains.suspensions().find(DOMAIN).filter(each -> !each.isProbing()).isPresent();
  }
}
