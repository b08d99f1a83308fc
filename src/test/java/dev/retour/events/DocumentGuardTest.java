package dev.retour.events;

import static dev.retour.events.EventsFixture.invoice;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueDesk;
import dev.retour.delivery.QueueEntry;
import dev.retour.delivery.QueueFilter;
import dev.retour.delivery.QueueOrder;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** The same document asked for twice, and mails to several people, on the real database. */
class DocumentGuardTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final QueueDesk desk = new QueueDesk(jdbi, clock);
  private final EventsFixture it = new EventsFixture(jdbi, clock);

  @Test
  void while_the_first_is_open_in_error_or_sent_the_second_learns_of_it() {
    assertThat(it.post(invoice("INV-1"))).isInstanceOf(IntakeAnswer.Accepted.class);
    assertThat(duplicate(it.post(invoice("INV-1"))).earlier().status()).isEqualTo("pending");
    it.process();
    assertThat(duplicate(it.post(invoice("INV-1"))).earlier().packageState()).isEqualTo("ready");
    for (String state : List.of("error", "uncertain", "sent")) {
      state(state);
      IntakeAnswer.Duplicate answer = duplicate(it.post(invoice("INV-1")));
      assertThat(answer.earlier().packageState()).isEqualTo(state);
      assertThat(answer.sentence()).contains("work package").contains(state);
    }
    assertThat(packages()).hasSize(1);
  }

  @Test
  void what_never_went_out_is_replaced_by_a_new_request() {
    for (String state : List.of("cancelled", "expired")) {
      String document = "INV-" + state;
      it.post(invoice(document));
      it.process();
      state(state);
      assertThat(it.post(invoice(document))).isInstanceOf(IntakeAnswer.Accepted.class);
      assertThat(it.post(invoice(document))).isInstanceOf(IntakeAnswer.Duplicate.class);
      it.process();
    }
  }

  @Test
  void clearing_the_error_and_sending_once_more_give_one_mail() {
    it.post(invoice("INV-1"));
    it.process();
    state("error");
    long id = packages().get(0).id();
    assertThat(desk.act(QueueOrder.of(QueueAction.CLEAR_ERROR, "olga"), id).done()).isTrue();
    assertThat(it.post(invoice("INV-1"))).isInstanceOf(IntakeAnswer.Duplicate.class);
    it.process();
    assertThat(packages()).extracting(QueueEntry::state).containsExactly("waiting");
  }

  @Test
  void another_version_recipient_or_action_is_another_intent() {
    ObjectNode second = invoice("INV-1");
    second.withObjectProperty("document").put("version", "2");
    ObjectNode other = invoice("INV-1");
    other.put("email", "berta@example.com");
    ObjectNode copied = invoice("INV-1");
    copied.putArray("cc").add("carl@example.com");
    for (ObjectNode body : List.of(invoice("INV-1"), second, other, copied)) {
      assertThat(it.post(body)).isInstanceOf(IntakeAnswer.Accepted.class);
      assertThat(it.post(body)).isInstanceOf(IntakeAnswer.Duplicate.class);
    }
  }

  @Test
  void a_key_of_the_callers_own_stands_for_its_intent_unless_the_settings_say_otherwise() {
    assertThat(it.post(invoice("INV-1"))).isInstanceOf(IntakeAnswer.Accepted.class);
    IntakeAnswer first = it.post(invoice("INV-1"), "key-1");
    assertThat(first).isInstanceOf(IntakeAnswer.Accepted.class);
    it.process();
    assertThat(it.post(invoice("INV-1"), "key-1"))
        .as("the first answer, whatever became of it")
        .isEqualTo(new IntakeAnswer.Replayed(((IntakeAnswer.Accepted) first).pkey(), "pending"));
    assertThat(it.post(invoice("INV-2"), "key-1")).isInstanceOf(IntakeAnswer.Conflict.class);
    EventsModule strict = it.events(Map.of("events.document-guard", "always"));
    assertThat(EventsFixture.post(strict, invoice("INV-1"), "key-2"))
        .isInstanceOf(IntakeAnswer.Duplicate.class);
    assertThat(EventsFixture.post(strict, invoice("INV-1"), "key-1"))
        .isInstanceOf(IntakeAnswer.Replayed.class);
  }

  @Test
  void two_rows_of_an_outbox_are_two_presses_of_the_same_button() {
    String body = invoice("INV-1").toString();
    assertThat(it.events.intake().acceptText(EventsFixture.TYPE, body, "erp-outbox-1"))
        .isInstanceOf(IntakeAnswer.Accepted.class);
    assertThat(it.events.intake().acceptText(EventsFixture.TYPE, body, "erp-outbox-1"))
        .isInstanceOf(IntakeAnswer.Replayed.class);
    assertThat(it.events.intake().acceptText(EventsFixture.TYPE, body, "erp-outbox-2"))
        .isInstanceOf(IntakeAnswer.Duplicate.class);
  }

  @Test
  void of_many_at_the_same_moment_exactly_one_is_accepted() throws Exception {
    EventsModule strict = it.events(Map.of("events.document-guard", "always"));
    for (int round = 0; round < 10; round++) {
      ObjectNode body = invoice("INV-" + round);
      CyclicBarrier together = new CyclicBarrier(8);
      List<Callable<IntakeAnswer>> posts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String key = i < 4 ? null : "key-" + round + "-" + i / 2;
        posts.add(
            () -> {
              together.await();
              return EventsFixture.post(strict, body, key);
            });
      }
      ExecutorService pool = Executors.newFixedThreadPool(8);
      List<IntakeAnswer> answers = new ArrayList<>();
      for (var result : pool.invokeAll(posts)) {
        answers.add(result.get());
      }
      pool.shutdownNow();
      assertThat(answers).filteredOn(IntakeAnswer.Accepted.class::isInstance).hasSize(1);
      assertThat(answers)
          .filteredOn(answer -> !(answer instanceof IntakeAnswer.Accepted))
          .allMatch(
              answer ->
                  answer instanceof IntakeAnswer.Duplicate
                      || answer instanceof IntakeAnswer.Replayed);
    }
    assertThat(it.count("event")).isEqualTo(10);
  }

  @Test
  void to_cc_and_bcc_share_the_mail_and_have_a_state_each() {
    ObjectNode body = invoice("INV-1");
    body.putArray("cc").add("carl@example.com").add("cora@example.com");
    body.putArray("bcc").add("ben@example.com");
    it.post(body);
    it.process();
    assertThat(packages())
        .extracting(QueueEntry::role)
        .containsExactlyInAnyOrder("to", "cc", "cc", "bcc");
    assertThat(it.count("mail_content")).isEqualTo(1);
    String raw =
        jdbi.withHandle(
            handle ->
                new String(
                    handle.createQuery("SELECT raw FROM mail_content").mapTo(byte[].class).one(),
                    StandardCharsets.US_ASCII));
    String header = raw.substring(0, raw.indexOf("\r\n\r\n"));
    assertThat(header)
        .contains("\r\nTo: anna@example.com\r\n")
        .contains("\r\nCc: carl@example.com, cora@example.com\r\n");
    assertThat(raw).doesNotContain("ben@example.com");
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET due_at=NULL, state=CASE WHEN recipient LIKE 'cora%'"
                    + " THEN 'error' ELSE 'sent' END"));
    QueueDesk.Bulk bulk =
        desk.actAll(
            QueueOrder.of(QueueAction.CLEAR_ERROR, "olga"),
            QueueFilter.of(Map.of("document", "INV-1")),
            done -> {});
    assertThat(bulk.changed()).as("only who did not get it gets it").isOne();
    assertThat(it.queue.claim())
        .extracting(claimed -> claimed.recipient())
        .containsExactly("cora@example.com");
    assertThat(it.count("event_status")).isEqualTo(1);
  }

  @Test
  void a_recipient_twice_or_one_that_is_none_is_named() {
    ObjectNode body = invoice("INV-1");
    body.putArray("cc").add("ANNA@example.com").add("nobody\r\nBcc: x@example.com");
    body.put("tellAfter", "soon");
    body.put("inCharge", "olga");
    IntakeAnswer answer = it.post(body);
    assertThat(((IntakeAnswer.Invalid) answer).faults())
        .extracting(fault -> fault.pointer())
        .contains("/cc/0", "/cc/1", "/tellAfter", "/inCharge");
  }

  @Test
  void an_event_may_say_who_is_in_charge_and_when_somebody_is_told() {
    ObjectNode body = invoice("INV-1");
    body.put("inCharge", "olga@example.com").put("tellAfter", "PT15M");
    it.post(body);
    it.process();
    QueueEntry.Told told = packages().get(0).told();
    assertThat(told.inCharge()).isEqualTo("olga@example.com");
    assertThat(told.deadline()).isEqualTo(clock.instant().plus(Duration.ofMinutes(15)));
  }

  private static IntakeAnswer.Duplicate duplicate(IntakeAnswer answer) {
    assertThat(answer).isInstanceOf(IntakeAnswer.Duplicate.class);
    return (IntakeAnswer.Duplicate) answer;
  }

  private List<QueueEntry> packages() {
    return desk.list(QueueFilter.ALL, Long.MAX_VALUE, 100);
  }

  private void state(String state) {
    jdbi.useHandle(handle -> handle.execute("UPDATE work_package SET state=?, due_at=NULL", state));
  }
}
