package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.qualification.Phase;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Servers that mean harm, or are broken as if they did: bounded, harmless, never trusted. */
class HostileRelayTest {
  @Test
  void an_endless_answer_is_cut() throws Exception {
    assertThat(faultOfAnswer("250-more\r\n".repeat(10_000))).contains("more than 128 lines");
  }

  @Test
  void a_line_of_a_megabyte_is_cut() throws Exception {
    assertThat(faultOfAnswer("550 " + "x".repeat(1_000_000) + "\r\n")).contains("4096 bytes");
  }

  @Test
  void what_is_not_smtp_is_not_believed() throws Exception {
    for (String answer :
        List.of(
            "HTTP/1.1 200 OK\r\n",
            "\r\n",
            "2500 Ok\r\n",
            "25\r\n",
            "150 Ok\r\n",
            "999 Ok\r\n",
            "\u0000250 Ok\r\n",
            "250-a\r\n550 b\r\n")) {
      assertThat(faultOfAnswer(answer)).as(answer).contains("the connection is cut");
    }
  }

  @Test
  void only_printable_text_comes_through() throws Exception {
    ScriptedSmtp.Script script =
        session ->
            session.behave(
                List.of(),
                Answers.when(
                    "RCPT",
                    "550 5.1.1 a\u0000b\u001b[31mc\u0085d\rRCPT\te\u00e2\u0080\u00aef\r\n"));
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      String text = client.fault(client.to("anna@example.com")).text();
      assertThat(text).startsWith("550 5.1.1 a?b?[31mc");
      assertThat(text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x202e)).isTrue();
    }
  }

  @Test
  void a_bare_line_feed_ends_a_line_and_makes_no_second_answer() throws Exception {
    ScriptedSmtp.Script script =
        session -> {
          session.say("220 ready\n");
          session.converse(List.of("PIPELINING"), Answers.when("RCPT", "550 no\n"));
        };
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      assertThat(client.fault(client.to("anna@example.com")))
          .isEqualTo(SmtpClient.refusal(Phase.RCPT, 550, "550 no"));
    }
  }

  @Test
  void an_answer_that_drips_for_ever_ends_in_time() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    ScriptedSmtp.Script script =
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-");
          try {
            while (over.getCount() > 0) { // one byte whenever the time-out of one read is near
              session.say("x");
              over.await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of("smtp.answer-timeout", "400ms"))) {
      long started = System.nanoTime();
      assertThat(client.fault(client.to("anna@example.com")).answered()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(3));
    } finally {
      over.countDown();
    }
  }

  @Test
  void a_server_that_stops_taking_bytes_is_left() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    ScriptedSmtp.Script script =
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-relay\r\n250 PIPELINING\r\n");
          session.hear();
          session.hear();
          session.hear();
          session.say("250 Ok\r\n250 Ok\r\n354 Go\r\n");
          try {
            over.await(); // and reads not a byte
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of("smtp.write-timeout", "300ms"))) {
      String huge = "A: b\r\n\r\n" + ("x".repeat(70) + "\r\n").repeat(400_000);
      SmtpFault fault = client.fault(client.mail("", "anna@example.com", huge));
      assertThat(fault.answered()).isFalse();
      assertThat(fault.phase()).isEqualTo(Phase.DATA);
    } finally {
      over.countDown();
    }
  }

  @Test
  void answers_nobody_asked_for_never_answer_the_next_mail() throws Exception {
    ScriptedSmtp.Script script =
        session ->
            session.behave(
                List.of("PIPELINING"),
                command ->
                    // After the first mail: answers for a second one that was not yet sent.
                    command.equals(".")
                        ? "250 taken\r\n250 Ok\r\n250 Ok\r\n354 Go\r\n250 forged\r\n"
                        : null);
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      assertThat(client.send(client.to("anna@example.com"))).isEqualTo("250 taken");
      assertThat(client.send(client.to("berta@example.com"))).isEqualTo("250 taken");
      assertThat(server.connections()).isEqualTo(2);
      assertThat(server.bodies()).hasSize(2);
    }
  }

  private static String faultOfAnswer(String answer) throws IOException {
    ScriptedSmtp.Script script =
        session -> session.behave(List.of("PIPELINING"), Answers.when("RCPT", answer));
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      SmtpFault fault = client.fault(client.to("anna@example.com"));
      assertThat(fault.answered()).isFalse();
      assertThat(fault.text().length()).isLessThanOrEqualTo(1_000);
      return fault.text();
    }
  }
}
