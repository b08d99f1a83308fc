package dev.retour.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each limit on a stranger's mail: up to it all is read, beyond it the rest is told as unread. */
class LimitsTest {
  private static final String NOTICE =
      "Return-Path: <>\nSubject: Undelivered Mail\nFrom: MAILER-DAEMON@mx.example\n";
  private static final String FAILED =
      "could not be delivered:\n<paula@firm.example>: user unknown\n";

  @Test
  void bytes() {
    String mail =
        NOTICE + "\n" + FAILED + " ".repeat(4_096 - NOTICE.length() - FAILED.length() - 1);
    assertThat(read(mail, "mail.bytes-max", 4_096).fault()).isNull();
    MailReport report = read(mail + "x", "mail.bytes-max", 4_096);
    assertThat(report.fault()).isEqualTo("Only the first 4096 bytes of the mail were read.");
    assertThat(report.recipients()).hasSize(1);
  }

  @Test
  void levels() {
    assertThat(read(nested(2), "mail.depth-max", 3).fault()).isNull();
    MailReport report = read(nested(3), "mail.depth-max", 3);
    assertThat(report.fault()).isEqualTo("Parts and mails below level 3 were not taken apart.");
    assertThat(report.notice()).as("the words inside are kept as text").contains(FAILED.strip());
    assertThat(read(nested(12), "mail.depth-max", 50).recipients()).hasSize(1);
  }

  private static String nested(int multiparts) {
    StringBuilder mail = new StringBuilder(NOTICE);
    for (int i = 0; i < multiparts; i++) {
      mail.append("Content-Type: multipart/mixed; boundary=b").append(i);
      mail.append("\n\n--b").append(i).append('\n');
    }
    return mail.append("\n").append(FAILED).toString();
  }

  @Test
  void parts() {
    String part = "--b\n\nwords\n";
    String mail = NOTICE + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + FAILED;
    assertThat(read(mail + part.repeat(3), "mail.parts-max", 5).fault()).isNull();
    MailReport report = read(mail + part.repeat(4), "mail.parts-max", 5);
    assertThat(report.fault()).isEqualTo("Only the first 5 parts of the mail were read.");
    assertThat(report.recipients()).hasSize(1);
  }

  @Test
  void header_fields_of_a_part() {
    String more = "X-More: 1\n".repeat(17);
    String failed = "\n" + FAILED;
    assertThat(read(NOTICE + more + failed, "mail.headers-max", 20).fault()).isNull();
    MailReport report = read(NOTICE + more + "X-More: 2\n" + failed, "mail.headers-max", 20);
    assertThat(report.fault()).isEqualTo("Only the first 20 header fields of a part were read.");
    assertThat(report.recipients()).as("the words behind them are read").hasSize(1);
  }

  @Test
  void header_fields_of_the_whole_mail() {
    String part = "--b\n" + "X-More: 1\n".repeat(19) + "\nwords\n";
    String mail = NOTICE + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + FAILED;
    MailReport report = read(mail + part.repeat(12), "mail.headers-max", 20);
    assertThat(report.fault()).contains("consists of header fields");
    assertThat(report.recipients()).hasSize(1);
  }

  @Test
  void bytes_of_a_header_field() {
    String field = "X-Long: " + "a".repeat(512 - "X-Long: \n".length());
    assertThat(read(NOTICE + field + "\n\n" + FAILED, "mail.header-bytes-max", 512).fault())
        .isNull();
    for (String rest : new String[] {"a", "\n folded"}) {
      MailReport report =
          read(NOTICE + field + rest + "\n\n" + FAILED, "mail.header-bytes-max", 512);
      assertThat(report.fault()).isEqualTo("Of a header field only 512 bytes were read.");
      assertThat(report.recipients()).hasSize(1);
    }
  }

  @Test
  void bytes_of_a_text() {
    String words = FAILED + "x".repeat(2_048 - FAILED.length());
    assertThat(read(NOTICE + "\n" + words, "mail.text-bytes-max", 2_048).fault()).isNull();
    for (String type : new String[] {"", "Content-Type: multipart/mixed; boundary=unused\n"}) {
      MailReport report = read(NOTICE + type + "\n" + words + "x", "mail.text-bytes-max", 2_048);
      assertThat(report.fault()).isEqualTo("Of a text only the first 2048 bytes were read.");
      assertThat(report.recipients()).hasSize(1);
    }
  }

  @Test
  void the_text_of_a_returned_mail_is_cut_without_a_word() {
    String returned = "Message-ID: <a@shop.example>\n\n" + "x".repeat(100_000);
    String mail =
        NOTICE
            + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
            + FAILED
            + "\n--b\nContent-Type: message/rfc822\n\n"
            + returned;
    assertThat(read(mail, "mail.text-bytes-max", 65_536).fault()).isNull();
  }

  @Test
  void characters_of_a_diagnostic() {
    String mail =
        NOTICE
            + "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
            + "Final-Recipient: rfc822; paula@firm.example\nAction: failed\n"
            + "Diagnostic-Code: smtp; 550 "
            + "no ".repeat(5_000);
    assertThat(read(mail, "mail.diagnostic-chars-max", 200).recipients().get(0).diagnostic())
        .hasSize(200);
    assertThat(read(mail, "mail.diagnostic-chars-max", 5_000).recipients().get(0).diagnostic())
        .hasSizeBetween(4_990, 5_000);
  }

  @Test
  void characters_of_a_notice_in_which_words_count() {
    String mail =
        NOTICE.replace("Undelivered Mail", "Hi") + "\n" + "so ".repeat(600) + "\n" + FAILED;
    assertThat(read(mail, "mail.notice-chars-max", 500).kind()).isNotEqualTo(MailKind.BOUNCE);
    assertThat(read(mail, "mail.notice-chars-max", 4_000).kind()).isEqualTo(MailKind.BOUNCE);
  }

  @Test
  void recipients_of_a_report() {
    for (String form :
        new String[] {
          "\ncould not be delivered:\n%s",
          "Content-Type: message/delivery-status\n\n%s",
          "To: %s\n\nx",
          "\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[%s]}}"
        }) {
      assertThat(
              read(NOTICE + form.formatted(recipients(form, 7)), "mail.recipients-max", 7).fault())
          .as(form)
          .isNull();
      MailReport report =
          read(NOTICE + form.formatted(recipients(form, 8)), "mail.recipients-max", 7);
      assertThat(report.fault()).as(form).isEqualTo("Only the first 7 recipients were taken over.");
      assertThat(report.recipients().size() + report.deliveredTo().size()).as(form).isEqualTo(7);
    }
  }

  private static String recipients(String form, int count) {
    String one =
        form.contains("delivery-status")
            ? "Final-Recipient: rfc822; a%d@firm.example\nAction: failed\n\n"
            : form.contains("{") ? "{\"emailAddress\":\"a%d@firm.example\"}" : "a%d@firm.example";
    String between = form.contains("could") ? "\n" : form.contains("status") ? "" : ",";
    return IntStream.range(0, count).mapToObj(one::formatted).collect(Collectors.joining(between));
  }

  @Test
  void every_limit_a_mail_exceeds_is_told() {
    String mail = NOTICE + "X: " + "a".repeat(600) + "\n\n" + "x".repeat(70_000) + FAILED;
    MailConfig tight =
        MailConfig.from(
            Settings.of(
                Map.of(
                    "mail.bytes-max", "69000",
                    "mail.header-bytes-max", "512",
                    "mail.text-bytes-max", "2048")));
    assertThat(new ReportReader(tight).read(mail.getBytes(UTF_8)).fault())
        .contains("69000 bytes", "512 bytes", "2048 bytes");
  }

  private static MailReport read(String mail, String limit, int value) {
    MailConfig limits = MailConfig.from(Settings.of(Map.of(limit, Integer.toString(value))));
    return new ReportReader(limits).read(mail.getBytes(UTF_8));
  }
}
