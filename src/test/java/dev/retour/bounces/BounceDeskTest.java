package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BounceDesk.Receipt;
import dev.retour.bounces.BouncesFixture.Sent;
import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.delivery.RetentionConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BounceDeskTest {
  private static final String UNKNOWN = "550 5.1.1 <x@example.com>: User unknown";
  private static final String NOT_OURS = "<stranger@elsewhere.example>";

  private final BouncesFixture house = new BouncesFixture(Map.of());

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void an_unknown_user_named_by_a_signed_token_is_quarantined_and_the_mail_counts_as_failed() {
    Sent sent = house.sent("anna@example.com");
    Receipt receipt =
        receive(
            Returned.report(sent.returnPath(), "anna@example.com", "failed", UNKNOWN, NOT_OURS));
    assertThat(house.text("SELECT correlation FROM bounce")).isEqualTo("token");
    assertThat(receipt.folder()).isEqualTo(Folder.PROCESSED);
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
    assertThat(house.packageState(sent)).isEqualTo("error");
  }

  @Test
  void without_a_token_message_id_and_recipient_prove_it_together() {
    Sent sent = house.sent("Anna@example.com");
    receive(
        Returned.report(
            "bounce@shop.example", "anna@example.com", "failed", UNKNOWN, sent.messageId()));
    assertThat(house.text("SELECT correlation FROM bounce")).isEqualTo("message-id");
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
    assertThat(house.packageState(sent)).isEqualTo("error");
  }

  @Test
  void a_forged_bounce_is_kept_and_shown_but_changes_nothing() {
    Sent sent = house.sent("anna@example.com");
    String forged = sent.returnPath().replace("bounce+", "bounce+a").replaceFirst(".@", "@");
    receive(Returned.report(forged, "anna@example.com", "failed", UNKNOWN, NOT_OURS));
    assertThat(house.text("SELECT correlation FROM bounce")).isEqualTo("unmatched");
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
    assertThat(house.packageState(sent)).isEqualTo("sent");
    assertThat(house.text("SELECT consequence FROM bounce_recipient"))
        .contains("kept and shown, no address changed");
  }

  @Test
  void who_was_sent_a_mail_can_hurt_only_that_mails_recipient() {
    Sent mine = house.sent("mallory@example.com");
    house.sent("anna@example.com");
    receive(Returned.report(mine.returnPath(), "anna@example.com", "failed", UNKNOWN, NOT_OURS));
    receive(
        Returned.report(
            "bounce@shop.example", "anna@example.com", "failed", UNKNOWN, mine.messageId()));
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
    assertThat(house.addresses.gate("mallory@example.com").isOpen()).isFalse();
  }

  @Test
  void the_address_reported_and_the_one_sent_to_are_both_shown() {
    Sent sent = house.sent("anna@example.com");
    receive(
        Returned.report(sent.returnPath(), "anna@private.example", "failed", UNKNOWN, NOT_OURS));
    assertThat(house.text("SELECT reported || ' ' || sent_to FROM bounce_recipient"))
        .isEqualTo("anna@private.example anna@example.com");
    assertThat(house.text("SELECT consequence FROM bounce_recipient"))
        .endsWith("The report names anna@private.example: probably forwarded.");
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
    assertThat(house.addresses.gate("anna@private.example").isOpen()).isTrue();
  }

  @Test
  void a_token_is_believed_only_as_long_as_it_is_valid() {
    Sent sent = house.sent("anna@example.com");
    house.clock.tick(Duration.ofDays(400));
    receive(Returned.report(sent.returnPath(), "anna@example.com", "failed", UNKNOWN, NOT_OURS));
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
  }

  @Test
  void the_same_mail_read_twice_is_one_bounce() {
    Sent sent = house.sent("anna@example.com");
    byte[] mail =
        Returned.report(
            sent.returnPath(), "anna@example.com", "failed", "452 4.2.2 Mailbox full", NOT_OURS);
    Receipt first = receive(mail);
    Receipt second = receive(mail);
    assertThat(first.isNew()).isTrue();
    assertThat(second.isNew()).isFalse();
    assertThat(second.folder()).isEqualTo(first.folder());
    assertThat(house.count("bounce")).isEqualTo(1);
    assertThat(house.count("bounce_recipient")).isEqualTo(1);
    assertThat(house.count("address_history")).isEqualTo(1);
  }

  @Test
  void a_delay_notice_changes_nothing() {
    Sent sent = house.sent("anna@example.com");
    receive(
        Returned.report(
            sent.returnPath(),
            "anna@example.com",
            "delayed",
            "451 4.4.1 Connection timed out",
            NOT_OURS));
    assertThat(house.text("SELECT kind FROM bounce")).isEqualTo("delayed");
    assertThat(house.packageState(sent)).isEqualTo("sent");
    assertThat(house.count("address")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"abuse, false", "opt-out, false", "not-spam, true", "auth-failure, true"})
  void who_complains_gets_no_more_mail(String type, boolean stillOpen) {
    Sent sent = house.sent("anna@example.com");
    receive(Returned.complaint("anna@example.com", type, sent.messageId()));
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isEqualTo(stillOpen);
    assertThat(house.packageState(sent)).isEqualTo("sent");
  }

  @Test
  void a_bounce_finds_its_package_after_the_bytes_are_gone_and_outlives_it() {
    Sent byToken = house.sent("anna@example.com");
    Sent byMessageId = house.sent("berta@example.com");
    house.clock.tick(Duration.ofDays(20));
    DeliveryCleanUp cleanUp =
        new DeliveryCleanUp(
            house.jdbi,
            house.clock,
            new RetentionConfig(Duration.ofDays(10), Duration.ofDays(100)));
    assertThat(cleanUp.dropRawMails()).isEqualTo(2);
    receive(Returned.report(byToken.returnPath(), "anna@example.com", "failed", UNKNOWN, NOT_OURS));
    receive(
        Returned.report(
            "bounce@shop.example",
            "berta@example.com",
            "failed",
            UNKNOWN,
            byMessageId.messageId()));
    assertThat(house.packageState(byToken)).isEqualTo("error");
    assertThat(house.packageState(byMessageId)).isEqualTo("error");

    house.jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET acknowledged_at = now(), acknowledged_by = 'o'"));
    house.clock.tick(Duration.ofDays(101));
    List<UUID> events =
        house.jdbi.withHandle(
            handle ->
                handle.createQuery("SELECT event_id FROM work_package").mapTo(UUID.class).list());
    house.jdbi.useTransaction(handle -> cleanUp.removeOf(handle, events, cleanUp.before()));
    assertThat(house.count("work_package")).isZero();
    assertThat(house.count("bounce_recipient WHERE package_id IS NULL")).isEqualTo(2);
  }

  @Test
  void who_unsubscribes_has_not_complained() {
    Sent sent = house.sent("anna@example.com");
    receive(Returned.complaint("anna@example.com", "opt-out", sent.messageId()));
    assertThat(house.text("SELECT cause FROM address_history")).isEqualTo("opt-out");
  }

  @Test
  void a_forged_complaint_changes_nothing() {
    house.sent("anna@example.com");
    receive(Returned.complaint("anna@example.com", "abuse", NOT_OURS));
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isTrue();
  }

  @Test
  void a_text_no_rule_knows_waits_for_a_person_in_unqualified() {
    Sent sent = house.sent("anna@example.com");
    Receipt receipt =
        receive(
            Returned.report(
                sent.returnPath(), "anna@example.com", "failed", "Zorp blarg quux", NOT_OURS));
    assertThat(receipt.folder()).isEqualTo(Folder.UNQUALIFIED);
  }

  @Test
  void an_ordinary_letter_is_other() {
    Receipt receipt =
        receive(Returned.bytes("From: b@example.com\nTo: shop@shop.example\nSubject: Hi\n\nHi!\n"));
    assertThat(house.text("SELECT kind FROM bounce")).isEqualTo("other");
    assertThat(receipt.folder()).isEqualTo(Folder.OTHER);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3"})
  void bytes_that_are_no_mail_are_stored_all_the_same(int which) {
    byte[] raw =
        switch (which) {
          case 0 -> new byte[0];
          case 1 -> new byte[] {0, 1, 2, (byte) 0xff, 0, '\r', '\n', 0};
          case 2 -> "Subject: \0\uD800\0\r\nFrom: \0@\0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
          default -> "x".repeat(3_000_000).getBytes(StandardCharsets.US_ASCII);
        };
    Receipt receipt = receive(raw);
    assertThat(receipt.folder()).isIn(Folder.OTHER, Folder.UNQUALIFIED);
    assertThat(house.count("bounce")).isEqualTo(1);
  }

  private Receipt receive(byte[] raw) {
    return house.desk().receive("test", new RawMail(raw, raw.length));
  }
}
