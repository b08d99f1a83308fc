package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.qualification.Phase;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** MAIL, RCPT, DATA and the final dot, against a server that says what it is told. */
class SmtpTransactionTest {
  private static final List<String> NOTHING = List.of();
  private static final List<String> PIPELINING = List.of("PIPELINING");

  @Test
  void the_final_dot_follows_the_commit_and_the_commit_follows_the_bytes() throws Exception {
    CountDownLatch bytesArrived = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> {
                  session.say("220 ready\r\n");
                  session.hear();
                  session.say("250-relay\r\n250 PIPELINING\r\n");
                  session.hear();
                  session.hear();
                  session.hear();
                  session.say("250 Ok\r\n250 Ok\r\n354 Go\r\n");
                  session.hearBytes(SmtpClient.MAIL.length());
                  order.add("bytes, then more: " + session.hasMore());
                  bytesArrived.countDown();
                  session.hearBytes(3);
                  order.add("dot");
                  session.say("250 taken\r\n");
                });
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      client.send(
          client.mail(
              "",
              "anna@example.com",
              SmtpClient.MAIL,
              () -> {
                await(bytesArrived);
                order.add("commit");
              }));
      assertThat(order).containsExactly("bytes, then more: false", "commit", "dot");
    }
  }

  @Test
  void a_commit_that_fails_cuts_the_connection_before_the_final_dot() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    ScriptedSmtp.Script script =
        session -> {
          try {
            session.behave(PIPELINING, Answers.USUAL);
          } finally {
            cut.countDown();
          }
        };
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      PackageMessage message =
          client.mail(
              "",
              "anna@example.com",
              SmtpClient.MAIL,
              () -> {
                throw new FenceException("not ours");
              });
      assertThat(client.fault(message).answered()).isFalse();
      await(cut);
      assertThat(server.bodies()).isEmpty();
    }
  }

  @Test
  void a_refused_recipient_costs_no_connection_and_the_next_mail_starts_clean() throws Exception {
    for (List<String> offered : List.of(NOTHING, PIPELINING)) {
      try (ScriptedSmtp server =
              new ScriptedSmtp(
                  session ->
                      session.behave(
                          offered,
                          command -> {
                            if (command.contains("none@")) {
                              return "550-5.1.1 No such user\r\n550 5.1.1 here\r\n";
                            }
                            // With pipelining DATA arrives although nobody is left.
                            return null;
                          }));
          SmtpClient client = new SmtpClient(server.port(), Map.of())) {
        assertThat(client.fault(client.to("none@example.com")))
            .isEqualTo(
                SmtpClient.refusal(Phase.RCPT, 550, "550-5.1.1 No such user 550 5.1.1 here"));
        client.send(client.to("anna@example.com"));
        assertThat(server.connections()).isOne();
        assertThat(server.commands()).containsOnlyOnce("RSET");
        // After a 354 that nobody wanted only a dot was sent: an empty mail for no recipient.
        assertThat(server.bodies())
            .isEqualTo(offered.isEmpty() ? List.of(SmtpClient.MAIL) : List.of("", SmtpClient.MAIL));
      }
    }
  }

  @Test
  void a_refused_sender_with_an_accepted_recipient_never_gets_even_an_empty_mail()
      throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session ->
                    session.behave(PIPELINING, Answers.when("MAIL", "451 4.3.0 Later\r\n")));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      assertThat(client.fault(client.to("anna@example.com")))
          .isEqualTo(SmtpClient.refusal(Phase.MAIL, 451, "451 4.3.0 Later"));
      assertThat(server.bodies()).isEmpty();
    }
  }

  @Test
  void connections_end_after_so_many_mails_and_a_dead_one_costs_no_attempt() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> {
                  session.behave(
                      PIPELINING, command -> command.startsWith("RSET") ? "421 bye\r\n" : null);
                });
        SmtpClient client =
            new SmtpClient(server.port(), Map.of("delivery.messages-per-connection", "2"))) {
      for (int i = 0; i < 5; i++) {
        client.send(client.to("anna@example.com"));
      }
      assertThat(server.connections()).isEqualTo(3);
    }
    // This one hangs up after each mail without a word.
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> {
                  session.say("220 ready\r\n");
                  session.hear();
                  session.say("250 relay\r\n");
                  session.hear();
                  session.say("250 Ok\r\n");
                  session.hear();
                  session.say("250 Ok\r\n");
                  session.hear();
                  session.say("354 Go\r\n");
                  session.hearBody();
                  session.say("250 taken\r\n");
                });
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      client.send(client.to("anna@example.com"));
      client.send(client.to("berta@example.com"));
      assertThat(server.bodies()).hasSize(2);
    }
  }

  @Test
  void an_answer_to_the_final_dot_that_means_nothing_leaves_the_outcome_open() throws Exception {
    for (String answer : List.of("399 what\r\n", "hello\r\n", "")) {
      try (ScriptedSmtp server =
              new ScriptedSmtp(
                  session -> {
                    session.behave(PIPELINING, command -> command.equals(".") ? answer : null);
                  });
          SmtpClient client = new SmtpClient(server.port(), Map.of("smtp.data-timeout", "300ms"))) {
        SmtpFault fault = client.fault(client.to("anna@example.com"));
        assertThat(fault.answered()).isFalse();
        assertThat(fault.phase()).isEqualTo(Phase.BODY);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
