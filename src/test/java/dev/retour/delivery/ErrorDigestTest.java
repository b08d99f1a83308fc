package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is told of failures, on the real database. */
class ErrorDigestTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final Queue queue =
      new Queue(jdbi, clock, DeliveryConfig.from(Settings.of(Map.of("delivery.node", "node-a"))));
  private final QueueDesk desk = new QueueDesk(jdbi, clock);
  private final ErrorDigest digest = digest(Map.of("delivery.errors-to", "team@example.com"));

  @Test
  void many_failures_are_one_mail_now_and_then_and_none_is_told_twice() {
    for (int i = 0; i < 120; i++) {
      failed("a" + i + "@example.com", null);
    }
    assertThat(digest.tell()).isOne();
    assertThat(mails("team@example.com")).hasSize(1);
    assertThat(mails("team@example.com").get(0))
        .contains("a0@example.com", "… and 20 more", "550 5.1.1 no");
    failed("late@example.com", null);
    assertThat(digest.tell()).as("not every failure is a mail").isZero();
    clock.tick(Duration.ofMinutes(15));
    assertThat(digest.tell()).isOne();
    assertThat(mails("team@example.com").get(1))
        .contains("late@example.com")
        .doesNotContain("a0@example.com");
    clock.tick(Duration.ofDays(1));
    assertThat(digest.tell()).isZero();
  }

  @Test
  void who_is_in_charge_is_told_instead_of_the_fallback() {
    failed("anna@example.com", "olga@example.com");
    assertThat(digest.tell()).isOne();
    assertThat(mails("olga@example.com")).hasSize(1);
    assertThat(mails("team@example.com")).isEmpty();
  }

  @Test
  void what_fails_again_after_its_error_was_cleared_is_told_again_and_what_was_seen_is_not() {
    long id = failed("anna@example.com", null);
    long seen = failed("berta@example.com", null);
    desk.act(QueueOrder.of(QueueAction.ACKNOWLEDGE, "olga"), seen);
    digest.tell();
    assertThat(mails("team@example.com").get(0))
        .contains("anna@example.com")
        .doesNotContain("berta@example.com");
    desk.act(QueueOrder.of(QueueAction.CLEAR_ERROR, "olga"), id);
    jdbi.useHandle(
        handle ->
            handle.execute("UPDATE work_package SET state='error', due_at=NULL WHERE id=?", id));
    clock.tick(Duration.ofMinutes(15));
    digest.tell();
    assertThat(mails("team@example.com")).hasSize(2);
  }

  @Test
  void a_digest_that_fails_makes_no_digest() {
    failed("anna@example.com", null);
    digest.tell();
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state='error', due_at=NULL WHERE processor='digest'"));
    clock.tick(Duration.ofDays(1));
    assertThat(digest.tell()).isZero();
  }

  @Test
  void a_missed_business_deadline_is_told_once_at_once_and_stands_in_the_log() {
    failed("anna@example.com", null);
    digest.tell();
    long slow = queued("slow@example.com", null, clock.instant().plus(Duration.ofMinutes(5)));
    long quick = queued("quick@example.com", null, clock.instant().plus(Duration.ofMinutes(5)));
    jdbi.useHandle(
        handle ->
            handle.execute("UPDATE work_package SET state='sent', due_at=NULL WHERE id=?", quick));
    clock.tick(Duration.ofMinutes(4).plusSeconds(59));
    assertThat(digest.tell()).isZero();
    clock.tick(Duration.ofSeconds(1));
    assertThat(digest.tell()).as("at once, whenever the last digest was").isOne();
    assertThat(mails("team@example.com").get(1))
        .contains("slow@example.com")
        .doesNotContain("quick@example.com");
    assertThat(desk.show(slow).orElseThrow().log().get(0).text())
        .contains("Not accepted by", "told team@example.com");
    clock.tick(Duration.ofDays(1));
    assertThat(digest.tell()).isZero();
  }

  @Test
  void nothing_a_stranger_wrote_reaches_the_structure_of_the_mail() {
    long id = failed("anna@example.com", null);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET failure_text=? , document=? WHERE id=?",
                "550 no\r\n.\r\nMAIL FROM:<evil@example.com>\u202Egnp\u001b[31m",
                "INV\r\nBcc: evil@example.com",
                id));
    digest.tell();
    String text = mails("team@example.com").get(0);
    assertThat(text).contains("550 no . MAIL FROM:<evil@example.com> gnp [31m");
    assertThat(raws("team@example.com").get(0)).doesNotContain("evil@example.com");
  }

  @Test
  void without_anybody_to_tell_failures_wait_until_somebody_is_named() {
    failed("anna@example.com", null);
    assertThat(digest(Map.of()).tell()).isZero();
    assertThat(digest.tell()).isOne();
  }

  private ErrorDigest digest(Map<String, String> settings) {
    return new ErrorDigest(
        jdbi, clock, queue, DigestConfig.from(Settings.of(settings)), "retour.test");
  }

  private List<String> mails(String to) {
    return raws(to).stream()
        .map(raw -> raw.substring(raw.indexOf("\r\n\r\n") + 4))
        .map(body -> new String(Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8))
        .toList();
  }

  private List<String> raws(String to) {
    return desk
        .list(QueueFilter.of(Map.of("processor", "digest", "recipient", to)), Long.MAX_VALUE, 100)
        .stream()
        .map(QueueEntry::id)
        .sorted()
        .map(
            id ->
                jdbi.withHandle(
                    handle ->
                        new String(
                            new MailContentStore().ofPackage(handle, id).raw(),
                            StandardCharsets.US_ASCII)))
        .toList();
  }

  private long failed(String recipient, @Nullable String inCharge) {
    long id = queued(recipient, inCharge, null);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state='error', due_at=NULL, failure_text='550 5.1.1 no'"
                    + " WHERE id=?",
                id));
    return id;
  }

  private long queued(String recipient, @Nullable String inCharge, @Nullable Instant tellAt) {
    String messageId = "<" + UUID.randomUUID() + "@retour.test>";
    return jdbi.inTransaction(
        handle ->
            queue.enqueue(
                handle,
                new NewPackage(
                    UUID.randomUUID(),
                    "EVTtest",
                    "INV-1",
                    EmailAddress.parse(recipient).orElseThrow(),
                    5,
                    OnUncertain.HOLD,
                    clock.instant().plus(Duration.ofDays(5)),
                    messageId,
                    "Hello",
                    ("Message-ID: " + messageId + "\r\n\r\nHi\r\n")
                        .getBytes(StandardCharsets.US_ASCII),
                    new NewPackage.Terms(
                        "mail", List.of(), inCharge, tellAt, RedeliveryRequest.NONE))));
  }
}
