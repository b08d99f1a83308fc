package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.retour.config.Settings;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/** What a person may do with work packages, on the real database. */
class QueueDeskTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final Queue queue =
      new Queue(jdbi, clock, DeliveryConfig.from(Settings.of(Map.of("delivery.node", "node-a"))));
  private final QueueDesk desk = new QueueDesk(jdbi, clock);

  @Test
  void clearing_the_error_is_the_retry_and_keeps_the_text() {
    long id = given("anna@example.com", "error");
    QueueOutcome outcome = desk.act(order(QueueAction.CLEAR_ERROR), id);
    assertThat(outcome.done()).isTrue();
    QueueEntry entry = entry(id);
    assertThat(entry.state()).isEqualTo("waiting");
    assertThat(entry.dueAt()).isEqualTo(clock.instant());
    assertThat(entry.failure()).isNotNull();
    assertThat(entry.failure().text()).isEqualTo("550 no");
    assertThat(queue.claim()).extracting(ClaimedPackage::id).containsExactly(id);
    assertThat(desk.act(order(QueueAction.CLEAR_ERROR), id).sentence()).contains("is sending it");
    assertThat(desk.show(id).orElseThrow().log())
        .extracting(QueueDetail.Note::who, QueueDetail.Note::what)
        .containsExactly(tuple("olga", "clear-error"));
  }

  @Test
  void an_error_cleared_after_its_validity_gets_its_time_once_more() {
    long id = given("anna@example.com", "error");
    clock.tick(Duration.ofDays(9));
    assertThat(desk.act(order(QueueAction.CLEAR_ERROR), id).done()).isTrue();
    assertThat(queue.claim()).hasSize(1);
  }

  @Test
  void each_action_is_refused_in_other_states_with_a_sentence() {
    for (PackageState state : PackageState.values()) {
      for (QueueAction action : QueueAction.values()) {
        if (action == QueueAction.RELEASE) {
          continue; // needs a lease that ran out, see below
        }
        long id = given("anna@example.com", state.label());
        QueueOrder order =
            action == QueueAction.RECIPIENT
                ? new QueueOrder(action, "olga", EmailAddress.parse("b@example.com").orElseThrow())
                : order(action);
        QueueOutcome outcome = desk.act(order, id);
        assertThat(outcome.done())
            .as(action + " in " + state)
            .isEqualTo(action.from().contains(state.label()));
        assertThat(outcome.sentence()).endsWith(".");
        assertThat(desk.show(id).orElseThrow().log()).hasSize(outcome.done() ? 1 : 0);
      }
    }
    assertThat(desk.act(order(QueueAction.CANCEL), 999_999).sentence()).contains("no work package");
  }

  @Test
  void of_people_and_the_sender_exactly_one_wins() throws Exception {
    for (int round = 0; round < 20; round++) {
      long id = given("anna@example.com", "ready");
      List<Callable<Boolean>> rivals = new ArrayList<>();
      rivals.add(() -> !queue.claim().isEmpty());
      rivals.add(() -> desk.act(order(QueueAction.CANCEL), id).done());
      rivals.add(() -> desk.act(order(QueueAction.CANCEL), id).done());
      ExecutorService pool = Executors.newFixedThreadPool(rivals.size());
      int winners = 0;
      for (var result : pool.invokeAll(rivals)) {
        winners += result.get() ? 1 : 0;
      }
      pool.shutdownNow();
      assertThat(winners).isOne();
    }
  }

  @Test
  void a_new_recipient_counts_from_the_next_attempt_and_stands_in_the_log() {
    long id = given("anna@example.com", "waiting");
    QueueOrder order =
        new QueueOrder(
            QueueAction.RECIPIENT, "olga", EmailAddress.parse("Berta@Example.ORG").orElseThrow());
    assertThat(desk.act(order, id).done()).isTrue();
    desk.act(order(QueueAction.RETRY), id);
    ClaimedPackage claimed = queue.claim().get(0);
    assertThat(claimed.recipient()).isEqualTo("Berta@example.org");
    assertThat(claimed.recipientKey()).isEqualTo("berta@example.org");
    assertThat(claimed.domain()).isEqualTo("example.org");
    assertThat(desk.show(id).orElseThrow().log().get(0).text())
        .isEqualTo("Recipient changed from anna@example.com to Berta@example.org.");
  }

  @Test
  void a_new_recipient_takes_the_duplicate_guard_along() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    SendGuard guard = new SendGuard();
    long id = given("anna@example.com", "error", first);
    assertThat(take(guard, intent("anna@example.com"), first)).isEmpty();
    QueueOrder order =
        new QueueOrder(
            QueueAction.RECIPIENT, "olga", EmailAddress.parse("berta@example.com").orElseThrow());
    assertThat(desk.act(order, id).done()).isTrue();
    assertThat(take(guard, intent("berta@example.com"), second)).contains(first);
    assertThat(take(guard, intent("anna@example.com"), second)).contains(first);

    UUID third = UUID.randomUUID();
    long other = given("carl@example.com", "error", third);
    assertThat(take(guard, intent("carl@example.com"), third)).isEmpty();
    QueueOutcome refused = desk.act(order, other);
    assertThat(refused.done()).isFalse();
    assertThat(refused.sentence()).contains("goes to that recipient already");
  }

  @Test
  void what_was_sent_is_sent_again_once_per_generation_as_a_mail_of_its_own() throws Exception {
    long id = given("anna@example.com", "sent");
    List<Callable<QueueOutcome>> twice =
        List.of(
            () -> desk.act(order(QueueAction.SEND_AGAIN), id),
            () -> desk.act(order(QueueAction.SEND_AGAIN), id));
    ExecutorService pool = Executors.newFixedThreadPool(2);
    List<QueueOutcome> outcomes = new ArrayList<>();
    for (var result : pool.invokeAll(twice)) {
      outcomes.add(result.get());
    }
    pool.shutdownNow();
    assertThat(outcomes.stream().filter(QueueOutcome::done)).hasSize(1);
    assertThat(outcomes).anyMatch(each -> each.sentence().contains("sent again before"));
    ClaimedPackage next = queue.claim().get(0);
    assertThat(entry(next.id()).generation()).isEqualTo(2);
    MailContentStore.Content copy = queue.contents(List.of(next.contentId())).get(0);
    QueueDetail former = desk.show(id).orElseThrow();
    assertThat(copy.messageId()).isNotEqualTo(former.messageId());
    assertThat(new String(copy.raw(), StandardCharsets.US_ASCII))
        .contains("\r\nMessage-ID: " + copy.messageId() + "\r\n")
        .doesNotContain(former.messageId())
        .endsWith("\r\n\r\nMessage-ID: in the text\r\n");
  }

  @Test
  void only_a_dead_lease_is_released() {
    long id = given("anna@example.com", "ready");
    queue.claim();
    assertThat(desk.act(order(QueueAction.RELEASE), id).sentence()).contains("Its sidecar lives");
    clock.tick(Duration.ofMinutes(2));
    assertThat(desk.act(order(QueueAction.RELEASE), id).done()).isTrue();
    assertThat(entry(id).state()).isEqualTo("ready");
  }

  @Test
  void in_bulk_all_that_match_are_changed_page_by_page_and_the_others_named() {
    jdbi.useTransaction(
        handle -> {
          for (int i = 0; i < QueueDesk.PAGE + 30; i++) {
            insert(handle, "a" + i + "@example.com", UUID.randomUUID());
          }
        });
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state='error', due_at=NULL, failure_reason=1,"
                    + " failure_text='550 no' WHERE id % 10 <> 0"));
    QueueFilter all = QueueFilter.of(Map.of("domain", "example.com", "processor", "mail"));
    assertThat(desk.count(all)).isEqualTo(QueueDesk.PAGE + 30);
    List<Long> seen = new ArrayList<>();
    QueueDesk.Bulk bulk = desk.actAll(order(QueueAction.CLEAR_ERROR), all, seen::add);
    assertThat(bulk.matched()).isEqualTo(QueueDesk.PAGE + 30);
    assertThat(bulk.refused()).isEqualTo(53);
    assertThat(bulk.changed()).isEqualTo(QueueDesk.PAGE + 30 - 53);
    assertThat(bulk.refusals().get(0).sentence()).contains("is ready already");
    assertThat(seen).containsExactly(500L, 530L);
    assertThat(desk.count(QueueFilter.of(Map.of("state", "error")))).isZero();
  }

  @Test
  void filters_are_joined_by_and_and_lead_page_by_page() {
    long first = given("anna@example.com", "error");
    Instant between = clock.instant().plusSeconds(30);
    clock.tick(Duration.ofMinutes(1));
    long second = given("anna@example.com", "error");
    given("berta@example.org", "error");
    assertThat(ids(Map.of("state", "error,sent", "recipient", "ANNA@example.com")))
        .containsExactly(second, first);
    assertThat(ids(Map.of("created-until", between.toString()))).containsExactly(first);
    assertThat(ids(Map.of("created-from", between.toString(), "domain", "example.com")))
        .containsExactly(second);
    assertThat(ids(Map.of("document", "INV-1", "reason", "1", "message", "EVTtest"))).hasSize(3);
    assertThat(ids(Map.of("id", first + "," + second))).hasSize(2);
    assertThat(ids(Map.of("reason", "2"))).isEmpty();
    assertThat(desk.list(QueueFilter.ALL, second, 10)).extracting(QueueEntry::id).contains(first);
  }

  private List<Long> ids(Map<String, String> filters) {
    return desk.list(QueueFilter.of(filters), Long.MAX_VALUE, 10).stream()
        .map(QueueEntry::id)
        .toList();
  }

  private Optional<UUID> take(SendGuard guard, SendIntent intent, UUID event) {
    return jdbi.inTransaction(handle -> guard.take(handle, intent, event, clock.instant()));
  }

  private static SendIntent intent(String recipient) {
    return new SendIntent("", "INV-1", "", "EVTtest", new TreeSet<>(List.of(recipient)));
  }

  private QueueEntry entry(long id) {
    return desk.show(id).orElseThrow().entry();
  }

  private static QueueOrder order(QueueAction action) {
    return QueueOrder.of(action, "olga");
  }

  private long given(String recipient, String state) {
    return given(recipient, state, UUID.randomUUID());
  }

  private long given(String recipient, String state, UUID event) {
    long id = jdbi.inTransaction(handle -> insert(handle, recipient, event));
    boolean queued = state.equals("ready") || state.equals("waiting");
    jdbi.useHandle(
        handle ->
            handle.execute(
                "UPDATE work_package SET state=?, due_at=CASE WHEN ? THEN due_at + interval '1h'"
                    + " * (?)::int END, failure_reason=1, failure_text='550 no',"
                    + " lease_owner=CASE WHEN ? THEN 'x' END, lease_until=CASE WHEN ? THEN due_at"
                    + " + interval '1h' END WHERE id=?",
                state,
                queued,
                state.equals("waiting") ? 1 : 0,
                state.equals("sending"),
                state.equals("sending"),
                id));
    return id;
  }

  private long insert(Handle handle, String recipient, UUID event) {
    String messageId = "<" + UUID.randomUUID() + "@retour.test>";
    byte[] raw =
        ("From: a@example.com\r\nMessage-ID: "
                + messageId
                + "\r\nSubject: Hello\r\n\r\nMessage-ID: in the text\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    return queue.enqueue(
        handle,
        new NewPackage(
            event,
            "EVTtest",
            "INV-1",
            EmailAddress.parse(recipient).orElseThrow(),
            5,
            OnUncertain.HOLD,
            clock.instant().plus(Duration.ofDays(5)),
            messageId,
            "Hello",
            raw));
  }
}
