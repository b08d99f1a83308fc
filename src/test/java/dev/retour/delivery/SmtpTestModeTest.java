package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** Trying things out without a customer hearing of it. */
class SmtpTestModeTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();

  @Test
  void a_redirected_mail_reaches_one_address_says_whom_it_was_for_and_touches_nobody()
      throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(session -> session.behave(List.of("PIPELINING"), Answers.USUAL));
        DeliveryFixture house = house(server, "delivery.redirect-to", "test@our.example")) {
      long id = house.enqueue("anna@example.com");
      house.sendDue();
      assertThat(server.commands()).contains("RCPT TO:<test@our.example>");
      assertThat(server.commands()).noneMatch(each -> each.contains("anna"));
      assertThat(server.commands())
          .as("its bounce names no package")
          .contains("MAIL FROM:<bounce@bounces.sandbox.invalid>");
      assertThat(server.bodies().get(0))
          .contains("\r\nSubject: [Retour test: to anna@example.com]\r\n  Hello\r\n")
          .startsWith("X-Retour-Original-Recipient: anna@example.com\r\n");
      assertThat(house.column(id, "recipient")).isEqualTo("anna@example.com");
      assertThat(house.column(id, "state")).isEqualTo("sent");
    }
  }

  @Test
  void a_refusal_of_the_test_address_is_not_held_against_the_recipient() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session ->
                    session.behave(
                        List.of("PIPELINING"),
                        Answers.when("RCPT", "550 5.1.1 No such user\r\n")));
        DeliveryFixture house = house(server, "delivery.redirect-to", "test@our.example")) {
      long id = house.enqueue("anna@example.com");
      house.sendDue();
      assertThat(house.column(id, "state")).isEqualTo("waiting");
      assertThat(house.column(id, "failure_text")).contains("550 5.1.1", "redirect-to");
      assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
    }
  }

  @Test
  void a_redirected_mail_takes_the_way_of_the_address_it_goes_to() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(session -> session.behave(List.of(), Answers.USUAL));
        DeliveryFixture house = house(server, "delivery.redirect-to", "test@our.example")) {
      house.enqueue("anna@example.com");
      ClaimedPackage claimed = house.module.queue().claim().get(0);
      assertThat(house.module.sender().prepare(claimed).message().domain())
          .isEqualTo("our.example");
    }
  }

  @Test
  void the_subject_is_marked_and_a_signature_over_it_removed() throws Exception {
    String raw =
        "DKIM-Signature: v=1; b=abc\r\n\tdef\r\nsubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n folded\r\n"
            + "To: x\r\n\r\nSubject: not this\r\n";
    assertThat(rewritten(raw))
        .isEqualTo(
            "X-Retour-Original-Recipient: j?rg@example.com\r\n"
                + "Subject: [Retour test: to j?rg@example.com]\r\n  =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
                + " folded\r\nTo: x\r\n\r\nSubject: not this\r\n");
    assertThat(rewritten("To: x\r\n\r\nbody\r\n"))
        .endsWith("To: x\r\nSubject: [Retour test: to j?rg@example.com]\r\n\r\nbody\r\n");
  }

  @Test
  void an_smtp_test_ends_after_rcpt_and_hands_nothing_over() throws Exception {
    try (ScriptedSmtp server =
            new ScriptedSmtp(
                session ->
                    session.behave(
                        List.of("PIPELINING"),
                        Answers.when("RCPT TO:<anna", "250 2.1.5 Recipient ok\r\n")));
        DeliveryFixture house = house(server, "delivery.smtp-test", "true")) {
      long id = house.enqueue("anna@example.com");
      house.sendDue();
      assertThat(server.commands()).contains("RSET").doesNotContain("DATA");
      assertThat(house.column(id, "state")).isEqualTo("cancelled");
      assertThat(house.column(id, "failure_text"))
          .contains("SMTP test", "nothing was handed over", "250 2.1.5 Recipient ok");
      String reply =
          jdbi.withHandle(
              h ->
                  h.createQuery("SELECT reply FROM attempt WHERE body_sent_at IS NULL")
                      .mapTo(String.class)
                      .one());
      assertThat(reply).contains("250 2.1.5");
    }
  }

  private static String rewritten(String raw) throws SmtpException {
    byte[] octets = raw.getBytes(StandardCharsets.ISO_8859_1);
    return new String(
        new TestRedirect("t@our.example")
            .rewritten(new MailContentStore.Content("<1@x>", octets), "j\u00f6rg@example.com")
            .raw(),
        StandardCharsets.ISO_8859_1);
  }

  private DeliveryFixture house(ScriptedSmtp server, String key, String value) {
    Map<String, String> settings = new HashMap<>();
    settings.put("smtp.port", Integer.toString(server.port()));
    settings.put(key, value);
    return new DeliveryFixture(jdbi, clock, clock, DeliveryFixture.shippedRules(), settings);
  }
}
