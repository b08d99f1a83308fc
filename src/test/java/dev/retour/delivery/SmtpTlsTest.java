package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import dev.retour.support.TestCertificate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether and how a connection is protected, and what happens when somebody meddles. */
class SmtpTlsTest {
  private static TestCertificate here;
  private static TestCertificate elsewhere;

  @BeforeAll
  static void certificates(@TempDir Path folder) {
    here = TestCertificate.of(folder, "ip:127.0.0.1");
    elsewhere = TestCertificate.of(folder, "dns:other.example");
  }

  @Test
  void opportunistic_takes_any_certificate_and_forgets_what_was_said_before_tls() throws Exception {
    ScriptedSmtp.Script script =
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-relay\r\n250-SIZE 5\r\n250 STARTTLS\r\n"); // the size is an attacker's
          session.hear();
          session.say("220 go\r\n");
          session.protect(elsewhere.server());
          session.converse(List.of(), Answers.USUAL);
        };
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      client.send(client.to("anna@example.com"));
      assertThat(server.commands()).startsWith("EHLO erp.example", "STARTTLS", "EHLO erp.example");
    }
  }

  @Test
  void opportunistic_goes_on_in_the_clear_where_tls_is_missing_or_broken() throws Exception {
    ScriptedSmtp.Script broken =
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-relay\r\n250 STARTTLS\r\n");
          if ("STARTTLS".equals(session.hear())) {
            session.say("220 go\r\n");
            session.hearBytes(1);
            session.say("this is no handshake\r\n");
          } else {
            session.say("250 Ok\r\n");
            session.converse(List.of(), Answers.USUAL);
          }
        };
    for (ScriptedSmtp.Script script :
        List.<ScriptedSmtp.Script>of(session -> session.behave(List.of(), Answers.USUAL), broken)) {
      try (ScriptedSmtp server = new ScriptedSmtp(script);
          SmtpClient client = new SmtpClient(server.port(), Map.of())) {
        client.send(client.to("anna@example.com"));
        assertThat(server.bodies()).hasSize(1);
      }
    }
  }

  @Test
  void required_verifies_the_certificate_and_the_name() throws Exception {
    assertThat(sendOver(here, "required", here)).isEqualTo("250 2.0.0 Ok: queued");
    assertThat(sendOver(here, "required", null)).contains("TLS with 127.0.0.1");
    assertThat(sendOver(elsewhere, "required", elsewhere)).contains("TLS with 127.0.0.1");
  }

  @Test
  void required_refuses_when_starttls_was_stripped_or_is_refused() throws Exception {
    for (ScriptedSmtp.Script script :
        List.<ScriptedSmtp.Script>of(
            session -> session.behave(List.of("SIZE 100"), Answers.USUAL),
            session ->
                session.behave(
                    List.of("STARTTLS"), Answers.when("STARTTLS", "454 4.7.0 Not now\r\n")))) {
      try (ScriptedSmtp server = new ScriptedSmtp(script);
          SmtpClient client = new SmtpClient(server.port(), Map.of("smtp.tls", "required"))) {
        assertThat(client.fault(client.to("anna@example.com")).text())
            .containsAnyOf("offers no STARTTLS", "454 4.7.0");
        assertThat(client.monitor.state().up()).isFalse();
        assertThat(server.commands()).noneMatch(each -> each.startsWith("MAIL"));
      }
    }
  }

  @Test
  void bytes_between_starttls_and_the_handshake_are_an_attack() throws Exception {
    ScriptedSmtp.Script script =
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-relay\r\n250 STARTTLS\r\n");
          session.hear();
          session.say("220 go\r\n250-relay\r\n250 AUTH PLAIN\r\n");
          session.protect(here.server());
          session.converse(List.of(), Answers.USUAL);
        };
    for (String tls : List.of("opportunistic", "required")) {
      try (ScriptedSmtp server = new ScriptedSmtp(script);
          SmtpClient client =
              new SmtpClient(
                  server.port(),
                  Map.of("smtp.tls", tls, "smtp.tls-authorities", here.pem().toString()))) {
        assertThat(client.fault(client.to("anna@example.com")).text()).contains("attacker");
        assertThat(server.commands()).containsExactly("EHLO erp.example", "STARTTLS");
      }
    }
  }

  @Test
  void implicit_speaks_tls_from_the_first_byte_and_verifies() throws Exception {
    ScriptedSmtp.Script script =
        session -> {
          session.protect(here.server());
          session.behave(List.of("PIPELINING"), Answers.USUAL);
        };
    try (ScriptedSmtp server = new ScriptedSmtp(script);
        SmtpClient knows =
            new SmtpClient(
                server.port(),
                Map.of("smtp.tls", "implicit", "smtp.tls-authorities", here.pem().toString()));
        SmtpClient doesNot = new SmtpClient(server.port(), Map.of("smtp.tls", "implicit"))) {
      assertThat(knows.send(knows.to("anna@example.com"))).isEqualTo("250 2.0.0 Ok: queued");
      assertThat(doesNot.fault(doesNot.to("anna@example.com")).text()).contains("TLS with");
    }
  }

  private static String sendOver(TestCertificate server, String tls, TestCertificate believed)
      throws Exception {
    ScriptedSmtp.Script script =
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-relay\r\n250 STARTTLS\r\n");
          session.hear();
          session.say("220 go\r\n");
          session.protect(server.server());
          session.converse(List.of("PIPELINING"), Answers.USUAL);
        };
    Map<String, String> settings =
        believed == null
            ? Map.of("smtp.tls", tls)
            : Map.of("smtp.tls", tls, "smtp.tls-authorities", believed.pem().toString());
    try (ScriptedSmtp relay = new ScriptedSmtp(script);
        SmtpClient client = new SmtpClient(relay.port(), settings)) {
      try {
        return client.send(client.to("anna@example.com"));
      } catch (jakarta.mail.MessagingException e) {
        return SmtpFault.of(e).text();
      }
    }
  }
}
