package dev.retour.events;

import static dev.retour.events.EventsFixture.invoice;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.delivery.Facts;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueDesk;
import dev.retour.delivery.QueueFilter;
import dev.retour.delivery.QueueOrder;
import dev.retour.delivery.RetentionConfig;
import dev.retour.erp.CallbackConfig;
import dev.retour.mail.MailSigner;
import dev.retour.quarantine.AddressState;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events are kept until the last of their mails is settled and old, and go as a whole. */
class EventCleanUpTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final EventsFixture it = new EventsFixture(jdbi, clock);
  private final Facts facts =
      CallbackConfig.facts(Settings.of(Map.of("callback.url", "http://127.0.0.1:9/")), "");
  private final QueueDesk desk = new QueueDesk(jdbi, clock, clock, facts, MailSigner.none());
  private final DeliveryCleanUp packages =
      new DeliveryCleanUp(jdbi, clock, RetentionConfig.from(Settings.of(Map.of())));
  private final EventCleanUp cleanUp = new EventCleanUp(jdbi, packages);

  @Test
  void no_invoice_goes_out_twice_while_its_event_is_kept_and_nothing_is_left_afterwards() {
    assertThat(it.post(invoice("INV-1"))).isInstanceOf(IntakeAnswer.Accepted.class);
    it.process();
    assertThat(it.queue.claim()).hasSize(1); // an attempt
    state("sent");
    desk.act(QueueOrder.of(QueueAction.SEND_AGAIN, "olga"), 1); // a generation, two log lines
    state("sent");
    clock.tick(Duration.ofDays(91));
    assertThat(packages.dropRawMails()).isEqualTo(2);
    assertThat(it.post(invoice("INV-1"))).isInstanceOf(IntakeAnswer.Duplicate.class);
    clock.tick(Duration.ofDays(638));
    assertThat(cleanUp.removeOld()).isZero();
    assertThat(it.post(invoice("INV-1"))).isInstanceOf(IntakeAnswer.Duplicate.class);

    clock.tick(Duration.ofDays(2));
    assertThat(cleanUp.due()).isOne();
    assertThat(it.count("event")).as("only asked").isOne();
    assertThat(cleanUp.removeOld()).isOne();

    for (String table :
        List.of(
            "event",
            "work_package",
            "work_package_open",
            "work_package_log",
            "attempt",
            "mail_content",
            "send_guard")) {
      assertThat(it.count(table)).as(table).isZero();
    }
    assertThat(it.post(invoice("INV-1"))).isInstanceOf(IntakeAnswer.Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "uncertain", "waiting"})
  void while_one_mail_of_an_event_is_not_settled_all_of_it_stays(String state) {
    ObjectNode body = invoice("INV-1");
    body.putArray("cc").add("berta@example.com");
    it.post(body);
    it.process();
    state("sent");
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state = ?, due_at = CASE WHEN ? = 'waiting' THEN created_at"
                    + " END WHERE id = 2",
                state,
                state));
    clock.tick(Duration.ofDays(2_000));

    assertThat(cleanUp.removeOld()).isZero();
    assertThat(packages.removeCallbacksAndDigests()).isZero();
    assertThat(desk.list(QueueFilter.ALL, Long.MAX_VALUE, 10)).hasSize(2);
    assertThat(it.post(body)).isInstanceOf(IntakeAnswer.Duplicate.class);

    if (state.equals("error")) {
      desk.act(QueueOrder.of(QueueAction.ACKNOWLEDGE, "olga"), 2);
      clock.tick(Duration.ofDays(731));
      assertThat(cleanUp.removeOld()).as("somebody has seen it").isOne();
    }
  }

  @Test
  void a_replay_is_known_as_long_as_its_event_is() {
    it.post(invoice("INV-1"), "key-1");
    it.process();
    state("sent");
    clock.tick(Duration.ofDays(729));
    cleanUp.removeOld();
    assertThat(it.post(invoice("INV-1"), "key-1")).isInstanceOf(IntakeAnswer.Replayed.class);

    clock.tick(Duration.ofDays(2));
    assertThat(cleanUp.removeOld()).isOne();
    assertThat(it.post(invoice("INV-1"), "key-1")).isInstanceOf(IntakeAnswer.Accepted.class);
  }

  @Test
  void an_event_that_never_became_a_mail_goes_and_one_that_waits_does_not() {
    it.addresses.set("anna@example.com", AddressState.DENYLISTED, "olga", "asked us");
    it.post(invoice("INV-1")); // ignored
    it.addresses.set("anna@example.com", AddressState.VALID, "olga", "asked us");
    it.post(invoice("INV-2")); // pending, nobody processes it
    clock.tick(Duration.ofDays(731));

    assertThat(cleanUp.removeOld()).isOne();
    assertThat(it.count("event WHERE status = 'pending'")).isOne();
  }

  @Test
  void what_the_erp_has_not_been_told_yet_keeps_the_event_it_is_about() {
    it.post(invoice("INV-1"));
    it.process();
    desk.act(QueueOrder.of(QueueAction.CANCEL, "olga"), 1);
    clock.tick(Duration.ofDays(731));
    assertThat(cleanUp.removeOld()).as("its callback is open").isZero();

    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state = 'cancelled', due_at = NULL, changed_at = ?"
                    + " WHERE processor = 'callback'",
                clock.instant()));
    assertThat(cleanUp.removeOld()).isOne();
    assertThat(it.count("callback WHERE about IS NULL")).as("told lately").isOne();
    clock.tick(Duration.ofDays(731));
    assertThat(packages.removeCallbacksAndDigests()).isOne();
  }

  @Test
  void more_than_a_page_of_events_received_at_one_moment_is_removed() {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                INSERT INTO event (id, event_type, email, email_key, payload, request_hash, status,
                       received_at, changed_at)
                SELECT gen_random_uuid(), 'EVTx', 'a@x.example', 'a@x.example', '{}', ''::bytea,
                       'ignored', ?, ? FROM generate_series(1, 450)""",
                clock.instant(),
                clock.instant()));
    clock.tick(Duration.ofDays(731));

    assertThat(cleanUp.removeOld()).isEqualTo(450);
  }

  private void state(String state) {
    jdbi.useHandle(
        handle -> {
          handle.execute(
              "UPDATE work_package SET state = ?, due_at = NULL, lease_owner = NULL,"
                  + " lease_until = NULL, changed_at = ?",
              state,
              clock.instant());
          handle.execute("DELETE FROM work_package_open");
        });
  }
}
