package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing that comes from outside can add a command, a recipient or a second mail: the published
 * sequences of SMTP smuggling and of command injection, byte by byte.
 */
class SmtpInjectionTest {
  private static final String SMUGGLED =
      "MAIL FROM:<admin@bank.example>\r\nRCPT TO:<victim@example.com>\r\nDATA\r\n"
          + "Subject: forged\r\n\r\nforged\r\n.\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n.\n",
        "\n.\r\n",
        "\r.\r\n",
        "\r.\r",
        "\n.\r",
        "\r\n.\n",
        "\r\n.\r",
        "\r\r\n.\r\n",
        "\n\r\n.\n",
        "\r\n\n.\r\n",
        "\u0000\r\n.\r\n",
        "\r\n\u0000.\r\n",
        "\r\n.\u0000\r\n",
        "\r",
        "\n"
      })
  void a_bare_line_end_never_leaves(String sequence) throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> session.behave(List.of("PIPELINING", "8BITMIME"), Answers.USUAL));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      SmtpFault fault =
          client.fault(client.mail("", "anna@example.com", "A: b\r\n\r\nHi" + sequence + SMUGGLED));
      assertThat(fault.text()).startsWith("554 5.6.0");
      assertThat(fault.permanent() && fault.aboutRecipient()).isTrue();
      assertThat(server.commands()).noneMatch(each -> each.startsWith("DATA"));
    }
  }

  @Test
  void a_dot_at_the_beginning_of_a_line_ends_nothing() throws Exception {
    String body = "A: b\r\n\r\n.\r\n..\r\n.x\r\n" + SMUGGLED + ".";
    try (ScriptedSmtp server =
            new ScriptedSmtp(session -> session.behave(List.of(), Answers.USUAL));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      client.send(client.mail("", "anna@example.com", ".A: b\r\n\r\nx\r\n"));
      client.send(client.mail("", "anna@example.com", body));
      assertThat(server.bodies()).hasSize(2);
      assertThat(server.bodies().get(0)).isEqualTo("..A: b\r\n\r\nx\r\n");
      assertThat(server.bodies().get(1))
          .isEqualTo(
              "A: b\r\n\r\n..\r\n...\r\n..x\r\n"
                  + SMUGGLED.replace("\r\n.\r\n", "\r\n..\r\n")
                  + "..\r\n");
      assertThat(server.commands()).noneMatch(each -> each.contains("bank.example"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anna@example.com>\r\nRCPT TO:<evil@example.com",
        "anna@example.com\r\nDATA",
        "anna@example.com\nDATA",
        "anna\r@example.com",
        "anna\u0000@example.com",
        "anna@exa\u0000mple.com",
        "anna> NOTIFY=SUCCESS <x@example.com",
        "anna@example.com> SIZE=1",
        "anna b@example.com",
        "\"anna\"b\"@example.com",
        "\"anna\\\"@example.com",
        "anna@evil.example@example.com",
        "anna\u2028@example.com",
        "<anna@example.com>",
        "Anna <anna@example.com>",
        "@evil.example:anna@example.com",
        "anna",
        "anna@",
        "anna@example.com,evil@example.com"
      })
  void an_address_cannot_leave_its_path(String address) throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session -> session.behave(List.of("PIPELINING", "SMTPUTF8"), Answers.USUAL));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      assertThat(client.fault(client.to(address)).text()).startsWith("553 5.1.3");
      assertThat(client.fault(client.mail(address, "anna@example.com", "A: b\r\n\r\nx")).text())
          .startsWith("553 5.1.3");
      assertThat(server.commands()).noneMatch(each -> each.startsWith("RCPT"));
    }
  }

  @Test
  void unusual_addresses_that_are_right_are_sent_to() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(session -> session.behave(List.of(), Answers.USUAL));
        SmtpClient client = new SmtpClient(server.port(), Map.of())) {
      for (String address :
          List.of("o'brien+x=y@example.com", "a..b.@example.com", "\"an na\\\"\"@example.com")) {
        client.send(client.to(address));
        assertThat(server.commands()).contains("RCPT TO:<" + address + ">");
      }
    }
  }

  @Test
  void the_reference_of_a_report_is_one_word_of_printable_letters() {
    assertThat(Xtext.of("a b+c=d\r\nRCPT\u00fc")).isEqualTo("a+20b+2Bc+3Dd+0D+0ARCPT+C3+BC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"erp\r\nMAIL FROM:<>", "erp example", "erp\u0000", "[192.0.2.1", "erp>", "[]"})
  void the_ehlo_name_is_a_name(String name) {
    assertThatThrownBy(() -> new SmtpClient(2525, Map.of("smtp.ehlo-name", name)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("smtp.ehlo-name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"erp.example", "erp", "[192.0.2.1]", "[IPv6:2001:db8::1]"})
  void names_and_addresses_are_ehlo_names(String name) {
    assertThat(EhloName.isValid(name)).isTrue();
  }
}
