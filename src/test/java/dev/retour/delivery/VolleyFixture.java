package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedSmtp;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/** A room whose volleys a test drives, before a relay that answers when the test lets it. */
abstract class VolleyFixture {
  final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();

  DeliveryFixture house(ScriptedSmtp server, int concurrency) {
    return house(server, concurrency, "disabled");
  }

  DeliveryFixture house(ScriptedSmtp server, int concurrency, String tls) {
    return new DeliveryFixture(
        jdbi,
        clock,
        clock,
        DeliveryFixture.shippedRules(),
        Map.of(
            "smtp.port",
            DeliveryFixture.port(server.port()),
            "smtp.tls",
            tls,
            "smtp.answer-timeout",
            "60s",
            "delivery.volley-patience",
            "2s", // nobody is slow because the machine is busy
            "delivery.concurrency",
            Integer.toString(concurrency)));
  }

  /** A session that says 354 and 250 only when the test lets it. */
  static ScriptedSmtp server(Talk talk) throws IOException {
    return new ScriptedSmtp(
        session -> {
          session.say("220 relay.test ESMTP\r\n");
          session.hear();
          session.say("250-relay.test\r\n250 PIPELINING\r\n");
          for (String mail = session.hear(); mail != null; mail = session.hear()) {
            if (mail.startsWith("MAIL")) {
              String recipient = session.hear();
              session.hear();
              talk.about(session, recipient);
            } else {
              session.say("250 2.0.0 Ok\r\n");
            }
          }
        });
  }

  /** What is said about one recipient. */
  interface Talk {
    void about(ScriptedSmtp.Session session, String recipient) throws IOException;
  }

  static void take(ScriptedSmtp.Session session) throws IOException {
    session.say("250 Ok\r\n250 Ok\r\n354 Go on\r\n");
    session.hearBody();
    session.say("250 2.0.0 Ok: queued\r\n");
  }

  static Volley fly(DeliveryFixture house) {
    List<Volley> volleys = house.module.sender().volleys(house.module.queue().claim());
    assertThat(volleys).hasSize(1);
    Volley volley = house.module.sender().send(house.module.sender().prepare(volleys.get(0)));
    house.module.settlement().accepted(volley);
    return volley;
  }

  /** A volley opens one connection at a time; so many volleys later there are enough. */
  static void growTo(DeliveryFixture house, ScriptedSmtp server, int connections) {
    for (int i = 0; server.connections() < connections; i++) {
      assertThat(i).isLessThan(100);
      house.enqueue(connections, "warm.example");
      assertThat(fly(house).rest()).isEmpty();
    }
  }

  static void meet(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException("not all of them came", e);
    }
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
