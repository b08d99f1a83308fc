package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a server offers is used, and nothing else. */
class SmtpExtensionsTest {
  private static final List<String> NOTHING = List.of();
  private static final List<String> PIPELINING = List.of("PIPELINING");

  @Test
  void commands_go_out_at_once_where_pipelining_is_offered() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> {
                  session.say("220 ready\r\n");
                  session.hear();
                  session.say("250-relay\r\n250 PIPELINING\r\n");
                  session.hear();
                  session.hear();
                  session.hear(); // all three before a single answer
                  session.say("250 Ok\r\n250 Ok\r\n354 Go\r\n");
                  session.hearBody();
                  session.say("250 taken\r\n");
                });
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      assertThat(client.send(client.to("anna@example.com"))).isEqualTo("250 taken");
      assertThat(server.commands())
          .containsExactly(
              "EHLO erp.example",
              "MAIL FROM:<bounce+token@bounces.example>",
              "RCPT TO:<anna@example.com>",
              "DATA");
      assertThat(server.bodies()).containsExactly(SmtpClient.MAIL);
    }
  }

  @Test
  void commands_wait_for_their_answers_where_it_is_not_offered_or_not_wanted() throws Exception {
    List<Boolean> early = new ArrayList<>();
    ScriptedSmtp.Script script =
        session ->
            session.behave(
                PIPELINING,
                command -> {
                  if (command.startsWith("MAIL") || command.startsWith("RCPT")) {
                    early.add(hasMore(session));
                  }
                  return null;
                });
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of("smtp.pipelining", "false"))) {
      client.send(client.to("anna@example.com"));
      assertThat(early).containsExactly(false, false);
    }
  }

  @Test
  void a_mail_too_big_for_the_server_fails_without_being_sent() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(session -> session.behave(List.of("SIZE 20"), Answers.USUAL));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      SmtpFault fault = client.fault(client.to("anna@example.com"));
      assertThat(fault.replyCode()).isEqualTo(552);
      assertThat(fault.aboutRecipient()).isTrue();
      assertThat(fault.text()).startsWith("552 5.3.4 The mail has 22 bytes").contains("at most 20");
      assertThat(server.commands()).noneMatch(each -> each.startsWith("MAIL"));
    }
  }

  @Test
  void what_is_offered_is_used_and_only_when_needed() throws Exception {
    List<String> offered =
        List.of("PIPELINING", "SIZE 1000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES");
    try (ScriptedSmtp server = new ScriptedSmtp(session -> session.behave(offered, Answers.USUAL));
        SmtpClient client = new SmtpClient(server.port(), Map.of("smtp.dsn", "success"))) {
      client.send(client.mail("b@x.example", "anna+tag@example.com", "A: b\r\n\r\nplain\r\n"));
      client.send(client.mail("b@x.example", "anna@example.com", "A: b\r\n\r\n\u00c3\u00bc\r\n"));
      client.send(
          client.mail("b@x.example", "j\u00f6rg@b\u00fccher.example", "A: b\r\n\r\nplain\r\n"));
      assertThat(server.commands())
          .contains(
              "MAIL FROM:<b@x.example> SIZE=15 RET=HDRS ENVID=token",
              "RCPT TO:<anna+tag@example.com> NOTIFY=SUCCESS,FAILURE"
                  + " ORCPT=rfc822;anna+2Btag@example.com",
              "MAIL FROM:<b@x.example> SIZE=12 BODY=8BITMIME RET=HDRS ENVID=token",
              "MAIL FROM:<b@x.example> SIZE=15 SMTPUTF8 RET=HDRS ENVID=token",
              "RCPT TO:<j\u00c3\u00b6rg@xn--bcher-kva.example> NOTIFY=SUCCESS,FAILURE");
    }
  }

  @Test
  void what_needs_an_extension_that_is_missing_fails_with_a_sentence() throws Exception {
    try (ScriptedSmtp server = new ScriptedSmtp(session -> session.behave(NOTHING, Answers.USUAL));
        SmtpClient client = new SmtpClient(server.port(), Map.of("smtp.dsn", "success"))) {
      assertThat(client.fault(client.to("j\u00f6rg@example.com")).text())
          .startsWith("553 5.6.7")
          .contains("SMTPUTF8");
      assertThat(client.fault(client.mail("", "a@example.com", "A: b\r\n\r\n\u00fc\r\n")).text())
          .startsWith("554 5.6.3")
          .contains("8BITMIME");
      // A domain in other letters alone needs nothing: it goes out as A-labels, and no DSN.
      client.send(client.to("anna@b\u00fccher.example"));
      assertThat(server.commands()).contains("RCPT TO:<anna@xn--bcher-kva.example>");
    }
  }

  @Test
  void helo_is_enough_for_an_old_server() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> session.behave(NOTHING, Answers.when("EHLO", "502 What?\r\n")));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      client.send(client.to("anna@example.com"));
      assertThat(server.commands()).contains("HELO erp.example");
    }
  }

  private static boolean hasMore(ScriptedSmtp.Session session) {
    try {
      return session.hasMore();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
