package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.retour.support.ScriptedSmtp;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** The moment before the final dot: what proves that a mail was not handed over, and what not. */
class FinalDotTest {
  private final CountDownLatch bodyOut = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);

  private interface End {
    void of(ScriptedSmtp.Session session) throws IOException;
  }

  /** Takes the body, ends as told, and only then the client goes on to the dot. */
  private ScriptedSmtp server(End end) throws IOException {
    return new ScriptedSmtp(
        session -> {
          session.say("220 relay.test\r\n");
          session.hear();
          session.say("250 relay.test\r\n");
          for (String command = session.hear(); !"DATA".equals(command); command = session.hear()) {
            session.say("250 Ok\r\n");
          }
          session.say("354 Go on\r\n");
          await(bodyOut);
          end.of(session);
          hungUp.countDown();
          session.hear();
        });
  }

  private PackageMessage mail(SmtpClient client) {
    return client.mail(
        "",
        "anna@example.com",
        SmtpClient.MAIL,
        () -> {
          bodyOut.countDown();
          await(hungUp);
        });
  }

  @Test
  void a_connection_that_is_gone_before_the_dot_is_written_has_handed_nothing_over()
      throws Exception {
    try (ScriptedSmtp server = server(ScriptedSmtp.Session::reset);
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      Throwable thrown = catchThrowable(() -> client.send(mail(client)));
      assertThat(UnsentDotException.causes(thrown)).isTrue();
      assertThat(SmtpFault.of(thrown).answered()).isFalse();
    }
  }

  @Test
  void a_server_that_gives_up_before_the_dot_gets_none_and_its_words_are_the_answer()
      throws Exception {
    try (ScriptedSmtp server = server(session -> session.say("421 4.4.2 Too slow\r\n"));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      SmtpFault fault = client.fault(mail(client));
      assertThat(fault.replyCode()).isEqualTo(421);
      assertThat(fault.text()).contains("Too slow");
      assertThat(server.commands()).as("neither a dot nor RSET").noneMatch("."::equals);
      assertThat(server.commands()).doesNotContain("RSET");
    }
  }

  @Test
  void a_server_that_says_yes_before_the_dot_has_taken_nothing() throws Exception {
    try (ScriptedSmtp server = server(session -> session.say("250 2.0.0 queued\r\n"));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      Throwable thrown = catchThrowable(() -> client.send(mail(client)));
      assertThat(UnsentDotException.causes(thrown)).isTrue();
      assertThat(server.commands()).noneMatch("."::equals);
    }
  }

  @Test
  void its_package_waits_and_one_whose_dot_may_have_left_is_uncertain() {
    Jdbi jdbi = TestDatabase.fresh();
    TickingClock clock = new TickingClock();
    try (DeliveryFixture house =
        new DeliveryFixture(jdbi, clock, clock, DeliveryFixture.shippedRules(), Map.of())) {
      house.enqueue("anna@example.com");
      house.enqueue("berta@example.com");
      for (ClaimedPackage claimed : house.module.queue().claim()) {
        jdbi.useHandle(
            h ->
                h.execute(
                    "UPDATE attempt SET phase = 'body_sent', body_sent_at = started_at WHERE id = ?",
                    claimed.attemptId()));
        boolean proven = claimed.recipient().startsWith("anna");
        house
            .module
            .settlement()
            .failed(
                claimed,
                new jakarta.mail.MessagingException(
                    "x",
                    proven
                        ? new UnsentDotException("Broken pipe", null)
                        : new SmtpException(
                            dev.retour.qualification.Phase.BODY, 0, "Connection reset")));
        assertThat(house.column(claimed.id(), "state")).isEqualTo(proven ? "waiting" : "uncertain");
        assertThat(house.column(claimed.id(), "unspent")).isEqualTo(proven ? "1" : "0");
      }
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IOException("The other side did not come so far.");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
