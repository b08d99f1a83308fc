package dev.retour.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReportReaderTest {
  private final ReportReader reader = new ReportReader(MailConfig.from(Settings.of(Map.of())));

  @Test
  void a_report_shows_what_is_needed_to_find_the_mail_it_is_about() throws IOException {
    MailReport report = golden("dsn/forwarded-by-provider.eml");
    assertThat(report.originalMessageId()).isEqualTo("order-17@shop.example");
    assertThat(report.original().returnPath()).hasToString("bounce@shop.example");
    assertThat(report.original().recipients()).hasToString("[paula@firm.example]");
    RecipientReport one = report.recipients().get(0);
    assertThat(one.reportingMta()).isEqualTo("mx1.relay.example");
    assertThat(one.replyCode()).isEqualTo(550);
    assertThat(one.evidence()).isEqualTo("delivery-status");
  }

  @Test
  void every_address_the_mail_was_delivered_to_is_kept_for_the_signed_token() {
    MailReport report =
        reader.read(
            ("To: Shop <a@shop.example>, b@shop.example\nCc: c@shop.example\n"
                    + "Delivered-To: bounce+token@shop.example\nX-Original-To: e@shop.example\n\nx")
                .getBytes(UTF_8));
    assertThat(report.deliveredTo().stream().map(EmailAddress::text))
        .containsExactly(
            "a@shop.example",
            "b@shop.example",
            "c@shop.example",
            "bounce+token@shop.example",
            "e@shop.example");
  }

  @Test
  void reached_recipients_are_told_apart_from_failed_ones() throws IOException {
    MailReport report = golden("dsn/two-results.eml");
    assertThat(report.recipients()).extracting(RecipientReport::action).containsExactly("failed");
    assertThat(report.delivered().get(0).finalRecipient()).hasToString("olaf@firm.example");
    assertThat(golden("dsn/delivered.eml").delivered()).hasSize(1);
  }

  @Test
  void the_remote_host_is_taken_from_the_words_when_no_field_names_it() throws IOException {
    RecipientReport one = golden("text/exim-header.eml").recipients().get(0);
    assertThat(one.remoteMta()).isEqualTo("mx.firm.example");
  }

  @Test
  void an_authentication_report_accuses_nobody() throws IOException {
    Complaint complaint = Objects.requireNonNull(golden("complaint/auth-failure.eml").complaint());
    assertThat(complaint.isAuthFailure()).isTrue();
    assertThat(complaint.originalMailFrom()).isEqualTo("bounce@shop.example");
  }

  @Test
  void a_limit_leaves_the_rest_unread_and_says_so() throws IOException {
    MailConfig tight = MailConfig.from(Settings.of(Map.of("mail.parts-max", "3")));
    byte[] raw = Files.readAllBytes(Path.of("src/test/resources/mails/dsn/plain.eml"));
    MailReport report = new ReportReader(tight).read(raw);
    assertThat(report.kind()).isEqualTo(MailKind.BOUNCE);
    assertThat(report.fault()).contains("first 3 parts");
  }

  @Test
  void a_limit_out_of_range_is_refused_by_its_key() {
    assertThatThrownBy(() -> MailConfig.from(Settings.of(Map.of("mail.bytes-max", "5"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mail.bytes-max");
  }

  private MailReport golden(String name) throws IOException {
    return reader.read(Files.readAllBytes(Path.of("src/test/resources/mails").resolve(name)));
  }
}
