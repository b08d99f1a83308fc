package dev.retour.bounces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.bounces.BouncesFixture.Sent;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.QualificationStatus;
import dev.retour.qualification.QualificationTable;
import dev.retour.qualification.QualifiedText;
import dev.retour.qualification.Reason;
import dev.retour.qualification.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The qualification table as spec B7 and B15 want it, over bounces that really come back. */
class QualificationTableTest {
  private final BouncesFixture house = new BouncesFixture(Map.of());
  private final QualificationTable table = new QualificationTable(house.clock);

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void two_texts_of_one_kind_meet_in_one_row_and_are_counted() {
    bounce("anna@example.com", "550 5.1.1 <anna@example.com> is not known here, id 4711 (mx3)");
    bounce("bert@example.com", "550 5.1.1 <bert@example.com> is not known here, id 9 (mx3)");

    List<QualifiedText> rows = rows();
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).occurrences()).isEqualTo(2);
    assertThat(rows.get(0).text()).contains("*", "#xxx#").doesNotContain("anna", "4711");
    assertThat(rows.get(0).firstText()).contains("anna@example.com", "4711");
    assertThat(rows.get(0).status()).isEqualTo(QualificationStatus.TO_QUALIFY);
    assertThat(rows.get(0).type()).isEqualTo(FailureType.HARD);
  }

  @Test
  void as_long_as_nobody_classified_a_text_the_rules_decide() {
    bounce("anna@example.com", "550 5.1.1 User unknown");
    assertThat(house.addresses.gate("anna@example.com").isOpen()).isFalse();
    assertThat(house.text("SELECT rule_id FROM bounce_recipient")).doesNotStartWith("table-");
  }

  @Test
  void a_kept_row_goes_before_the_rules() {
    bounce("anna@example.com", "550 5.1.1 User unknown");
    classify(QualificationStatus.KEEP, FailureType.SOFT, Reason.UNREACHABLE);

    bounce("bert@example.com", "550 5.1.1 User unknown");

    assertThat(house.addresses.gate("bert@example.com").isOpen()).isTrue();
    assertThat(
            house.text(
                "SELECT failure_type || ' ' || failure_reason || ' ' || rule_id"
                    + " FROM bounce_recipient WHERE sent_to = 'bert@example.com'"))
        .isEqualTo("soft 3 table-" + rows().get(0).id());
  }

  @Test
  void a_text_no_rule_knows_is_no_longer_unqualified_once_a_person_classified_it() {
    BounceDesk.Receipt first = bounce("anna@example.com", "Zorp blarg quux 17");
    assertThat(first.folder()).isEqualTo(Folder.UNQUALIFIED);
    classify(QualificationStatus.KEEP, FailureType.HARD, Reason.USER_UNKNOWN);

    BounceDesk.Receipt second = bounce("bert@example.com", "Zorp blarg quux 18");

    assertThat(second.folder()).isEqualTo(Folder.PROCESSED);
    assertThat(house.addresses.gate("bert@example.com").isOpen()).isFalse();
  }

  @Test
  void an_ignored_row_never_leads_to_quarantine() {
    bounce("anna@example.com", "550 5.1.1 User unknown");
    classify(QualificationStatus.IGNORE, null, null);

    bounce("bert@example.com", "550 5.1.1 User unknown");

    assertThat(house.addresses.gate("bert@example.com").isOpen()).isTrue();
    assertThat(house.count("address")).as("only Anna's").isEqualTo(1);
  }

  @Test
  void what_was_classified_can_be_given_back_to_the_rules() {
    bounce("anna@example.com", "550 5.1.1 User unknown");
    classify(QualificationStatus.IGNORE, null, null);
    classify(QualificationStatus.TO_QUALIFY, null, null);

    bounce("bert@example.com", "550 5.1.1 User unknown");

    assertThat(house.addresses.gate("bert@example.com").isOpen()).isFalse();
    assertThat(rows().get(0).decidedBy()).isNull();
  }

  @Test
  void a_delay_notice_stays_harmless_even_if_its_text_was_classified_as_hard() {
    bounce("anna@example.com", "451 4.4.1 Connection timed out");
    classify(QualificationStatus.KEEP, FailureType.HARD, Reason.UNREACHABLE);
    Sent sent = house.sent("bert@example.com");
    receive(
        Returned.report(
            sent.returnPath(),
            "bert@example.com",
            "delayed",
            "451 4.4.1 Connection timed out",
            ""));
    assertThat(house.addresses.gate("bert@example.com").isOpen()).isTrue();
    assertThat(
            house.text(
                "SELECT failure_type FROM bounce_recipient WHERE sent_to = 'bert@example.com'"))
        .isEqualTo("soft");
  }

  @Test
  void what_strangers_send_does_not_fill_the_table() {
    receive(
        Returned.report(
            "bounce@shop.example", "anna@example.com", "failed", "550 5.1.1 unknown", "<x@y.z>"));
    assertThat(rows()).isEmpty();
  }

  @Test
  void the_same_mail_twice_counts_once() {
    Sent sent = house.sent("anna@example.com");
    byte[] mail =
        Returned.report(sent.returnPath(), "anna@example.com", "failed", "550 5.1.1 unknown", "");
    receive(mail);
    receive(mail);
    assertThat(rows().get(0).occurrences()).isEqualTo(1);
  }

  @Test
  void counting_stops_at_a_hundred_thousand_and_starts_again_when_reset() {
    bounce("anna@example.com", "550 5.1.1 User unknown");
    house.jdbi.useHandle(h -> h.execute("UPDATE qualification SET occurrences = 99999"));
    bounce("bert@example.com", "550 5.1.1 User unknown");
    bounce("carl@example.com", "550 5.1.1 User unknown");
    assertThat(rows().get(0).occurrences()).isEqualTo(100_000);

    assertThat(
            house.jdbi.<Boolean, RuntimeException>inTransaction(
                h -> table.reset(h, rows().get(0).id())))
        .isTrue();
    assertThat(rows().get(0).occurrences()).isZero();
  }

  @Test
  void many_at_once_are_all_counted() {
    Verdict verdict =
        new Verdict(FailureType.SOFT, Reason.UNREACHABLE, "some-rule", "because", "v1");
    CompletableFuture<?>[] all =
        IntStream.range(0, 8)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () ->
                            IntStream.range(0, 25)
                                .forEach(
                                    i ->
                                        house.jdbi.useTransaction(
                                            h ->
                                                table.decide(
                                                    h, "450 try " + thread + i, verdict)))))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();
    assertThat(rows()).singleElement().extracting(QualifiedText::occurrences).isEqualTo(200);
  }

  @Test
  void hostile_texts_are_kept_as_they_can_be() {
    for (String said : List.of("\0\uD800 550 no", "x".repeat(100_000), "5".repeat(5_000), " ")) {
      house.jdbi.useTransaction(
          h ->
              table.decide(
                  h,
                  said,
                  new Verdict(FailureType.SOFT, Reason.UNREACHABLE, "some-rule", "because", "v1")));
    }
    assertThat(rows())
        .as("the two long ones are both one variable part; a blank says nothing")
        .hasSize(2);
  }

  @Test
  void rows_nobody_classified_are_forgotten_when_not_met_for_long() {
    bounce("anna@example.com", "550 5.1.1 User unknown");
    bounce("bert@example.com", "452 4.2.2 Mailbox full");
    long kept = rows().get(0).id();
    house.jdbi.useTransaction(
        h -> table.classify(h, kept, QualificationStatus.KEEP, null, null, "eva"));
    house.clock.tick(Duration.ofDays(366));
    house.jdbi.useTransaction(h -> table.forget(h, Duration.ofDays(365)));
    assertThat(rows()).extracting(QualifiedText::id).containsExactly(kept);
  }

  private void classify(
      QualificationStatus status, @Nullable FailureType type, @Nullable Reason reason) {
    house.jdbi.useTransaction(
        h -> table.classify(h, rows().get(0).id(), status, type, reason, "eva"));
  }

  private List<QualifiedText> rows() {
    return house.jdbi.withHandle(h -> table.list(h, null, null, 100));
  }

  private BounceDesk.Receipt bounce(String recipient, String said) {
    Sent sent = house.sent(recipient);
    return receive(Returned.report(sent.returnPath(), recipient, "failed", said, ""));
  }

  private BounceDesk.Receipt receive(byte[] raw) {
    return house.desk().receive("test", new RawMail(raw, raw.length));
  }
}
