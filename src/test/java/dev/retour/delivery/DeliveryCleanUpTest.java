package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of settled packages when their time is over, on a real database. */
class DeliveryCleanUpTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final DeliveryFixture house =
      new DeliveryFixture(
          jdbi,
          clock,
          clock,
          DeliveryFixture.shippedRules(),
          Map.of(
              "callback.url", "http://127.0.0.1:9/", "callback.facts", "cancelled, sent, expired"));
  private final QueueDesk desk = house.module.desk();
  private final DeliveryCleanUp cleanUp =
      new DeliveryCleanUp(jdbi, clock, RetentionConfig.from(Settings.of(Map.of())));

  @AfterEach
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sent", "expired", "cancelled"})
  void the_bytes_of_what_has_ended_go_and_all_else_stays(String state) {
    long id = house.enqueue("anna@example.com");
    state(id, state);
    clock.tick(Duration.ofDays(89));
    assertThat(cleanUp.dropRawMails()).isZero();
    clock.tick(Duration.ofDays(2));

    assertThat(cleanUp.mailsDue()).isOne();
    assertThat(cleanUp.dropRawMails()).isOne();
    assertThat(cleanUp.mailsDue()).isZero();
    assertThat(cleanUp.dropRawMails()).isZero();

    assertThat(house.column(id, "state")).isEqualTo(state);
    assertThat(desk.show(id).orElseThrow().subject()).isEqualTo("Hello");
    QueueOutcome again = desk.act(QueueOrder.of(QueueAction.SEND_AGAIN, "olga"), id);
    assertThat(again.done()).isFalse();
    assertThat(again.sentence()).contains("delivery.raw-retention");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ready", "waiting", "error", "uncertain"})
  void what_may_still_be_sent_keeps_its_bytes_however_old_it_is(String state) {
    long id = house.enqueue("anna@example.com");
    state(id, state);
    if (state.equals("error")) {
      desk.act(QueueOrder.of(QueueAction.ACKNOWLEDGE, "olga"), id); // it can still be cleared
    }
    clock.tick(Duration.ofDays(1_000));

    assertThat(cleanUp.dropRawMails()).isZero();
    assertThat(desk.show(id).orElseThrow().bytes()).isPositive();
  }

  @Test
  void the_time_counts_from_the_last_change_and_one_mail_of_several_recipients_keeps_the_bytes() {
    long early = house.enqueue("anna@example.com");
    long late = house.enqueue("berta@example.com");
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET content_id ="
                    + " (SELECT content_id FROM work_package WHERE id = ?) WHERE id = ?",
                early,
                late));
    state(early, "sent");
    clock.tick(Duration.ofDays(60));
    state(late, "sent");
    clock.tick(Duration.ofDays(60));
    assertThat(count("mail_content WHERE raw IS NULL")).isZero();
    cleanUp.dropRawMails();
    assertThat(desk.show(early).orElseThrow().bytes()).isPositive();

    clock.tick(Duration.ofDays(31));
    cleanUp.dropRawMails();
    assertThat(desk.show(early).orElseThrow().bytes()).isZero();
  }

  @Test
  void an_error_whose_bytes_are_gone_cannot_be_cleared_into_a_mail_without_content() {
    long id = house.enqueue("anna@example.com");
    state(id, "sent");
    clock.tick(Duration.ofDays(91));
    cleanUp.dropRawMails();
    state(id, "error"); // by a bounce that came very late

    QueueOutcome cleared = desk.act(QueueOrder.of(QueueAction.CLEAR_ERROR, "olga"), id);

    assertThat(cleared.done()).isFalse();
    assertThat(cleared.sentence()).contains("removed", "Cancel it");
    assertThat(desk.act(QueueOrder.of(QueueAction.CANCEL, "olga"), id).done()).isTrue();
  }

  @Test
  void settled_callbacks_go_and_those_still_to_be_told_stay() {
    List<Long> mails = house.enqueue(3);
    mails.forEach(id -> desk.act(QueueOrder.of(QueueAction.CANCEL, "olga"), id));
    List<Long> callbacks =
        jdbi.withHandle(
            h ->
                h.createQuery("SELECT package_id FROM callback ORDER BY package_id")
                    .mapTo(Long.class)
                    .list());
    house.module.callbacks().claim(1); // an attempt of the first
    state(callbacks.get(0), "sent");
    state(callbacks.get(1), "error");
    clock.tick(Duration.ofDays(731));

    assertThat(cleanUp.callbacksAndDigestsDue()).isOne();
    assertThat(cleanUp.removeCallbacksAndDigests()).isOne();

    assertThat(count("callback")).isEqualTo(2);
    assertThat(count("attempt")).isZero();
    assertThat(count("work_package WHERE processor = 'mail'")).isEqualTo(3);
    desk.act(QueueOrder.of(QueueAction.ACKNOWLEDGE, "olga"), callbacks.get(1));
    assertThat(cleanUp.removeCallbacksAndDigests()).as("acknowledged just now").isZero();
    clock.tick(Duration.ofDays(731));
    assertThat(cleanUp.removeCallbacksAndDigests()).isOne();
    assertThat(count("callback")).as("nobody was told of the third yet").isOne();
  }

  @Test
  void a_callback_told_again_goes_after_the_one_that_took_its_place() {
    long mail = house.enqueue("anna@example.com");
    desk.act(QueueOrder.of(QueueAction.CANCEL, "olga"), mail);
    long first = mail + 1;
    state(first, "sent");
    desk.act(QueueOrder.of(QueueAction.SEND_AGAIN, "olga"), first);
    clock.tick(Duration.ofDays(731));
    assertThat(cleanUp.removeCallbacksAndDigests()).as("its successor is open").isZero();
    state(first + 1, "sent");
    clock.tick(Duration.ofDays(731));

    assertThat(cleanUp.removeCallbacksAndDigests()).isOne();
    assertThat(cleanUp.removeCallbacksAndDigests()).isOne();
    assertThat(count("callback")).isZero();
  }

  @Test
  void many_are_cleaned_up_page_by_page_past_those_that_stay() {
    List<Long> ids = house.enqueue(1_300);
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET due_at = NULL,"
                    + " state = CASE WHEN id % 10 = 0 THEN 'error' ELSE 'sent' END"));
    clock.tick(Duration.ofDays(91));
    house.enqueue("young@example.com");

    assertThat(cleanUp.dropRawMails()).isEqualTo(1_170);
    long largest =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT max(n) FROM (SELECT count(*) AS n FROM mail_content"
                            + " WHERE raw IS NULL GROUP BY xmin) t")
                    .mapTo(Long.class)
                    .one());
    assertThat(largest).as("mails of one transaction").isLessThanOrEqualTo(500);
    assertThat(ids).hasSize(1_300);
  }

  @ParameterizedTest
  @CsvSource({
    "delivery.retention, 29d, delivery.return-path-validity",
    "delivery.retention, 60d, delivery.raw-retention",
    "delivery.raw-retention, 0s, more than 0s"
  })
  void times_that_would_lose_a_bounce_are_refused(String key, String value, String why) {
    assertThatThrownBy(() -> RetentionConfig.from(Settings.of(Map.of(key, value))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(why);
  }

  private void state(long id, String state) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state = ?, lease_owner = NULL, lease_until = NULL,"
                    + " due_at = CASE WHEN ? IN ('ready', 'waiting') THEN due_at END,"
                    + " changed_at = ? WHERE id = ?",
                state,
                state,
                clock.instant(),
                id));
    // As the step from sending to sent does, which keeps this table itself.
    if (state.equals("sent")) {
      jdbi.useHandle(
          handle -> handle.execute("DELETE FROM work_package_open WHERE package_id = ?", id));
    }
  }

  private long count(String what) {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM " + what).mapTo(Long.class).one());
  }
}
