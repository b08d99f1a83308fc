package dev.retour.events;

import static dev.retour.events.EventsFixture.invoice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryFixture;
import dev.retour.delivery.Facts;
import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueDesk;
import dev.retour.delivery.QueueOrder;
import dev.retour.delivery.QueueOutcome;
import dev.retour.mail.DkimKeys;
import dev.retour.mail.MailSigner;
import dev.retour.mail.SigningConfig;
import dev.retour.mail.SigningException;
import dev.retour.mail.SigningRules;
import dev.retour.support.DkimCheck;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an event to a signed mail at a real SMTP server, on the real database. */
class SignedMailTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final SmtpSink sink = new SmtpSink();
  private final DeliveryFixture delivery =
      new DeliveryFixture(
          jdbi,
          clock,
          clock,
          DeliveryFixture.shippedRules(),
          Map.of("smtp.port", DeliveryFixture.port(sink.port())));
  private final EventsFixture it = new EventsFixture(delivery);

  @TempDir private Path keys;

  @AfterEach
  void close() {
    delivery.close();
    sink.close();
  }

  @Test
  void a_mail_stays_signed_by_the_key_of_its_time_and_is_signed_anew_when_sent_again()
      throws Exception {
    Path old = key("old.2026-01-01");
    String oldRecord = record("old");
    MailSigner signer = signer(SigningRules.ALL);
    EventsModule events = it.events(signer);
    post(events, "anna@example.net");
    EventsFixture.process(events);
    key("new.2026-01-02");
    Files.delete(old);
    signer.reload();

    delivery.sendDue();
    assertThat(DkimCheck.verify(sink.taken().get(0).data(), oldRecord)).isTrue();

    QueueDesk desk = new QueueDesk(jdbi, clock, clock, Facts.NONE, signer);
    QueueOutcome again = desk.act(QueueOrder.of(QueueAction.SEND_AGAIN, "olga"), 1);
    assertThat(again.done()).isTrue();
    delivery.sendDue();
    String second = sink.taken().get(1).data();
    assertThat(DkimCheck.signatures(second)).isEqualTo(1);
    assertThat(DkimCheck.verify(second, record("new"))).isTrue();
    assertThat(second).contains(".g2-1@retour.test>");
  }

  @Test
  void what_cannot_be_signed_any_more_is_not_sent_again() throws Exception {
    key("s1.2026-01-01");
    EventsModule events = it.events(signer(SigningRules.ALL));
    post(events, "anna@example.net");
    EventsFixture.process(events);
    delivery.sendDue();
    QueueOutcome again =
        new QueueDesk(jdbi, clock).act(QueueOrder.of(QueueAction.SEND_AGAIN, "olga"), 1);
    assertThat(again.done()).isFalse();
    assertThat(again.sentence()).contains("unsigned", "dkim.keys");
    assertThat(delivery.sendDue()).isZero();
  }

  @Test
  void signing_happens_on_several_threads_and_while_no_transaction_is_open() throws Exception {
    key("s1.2026-01-01");
    int processors = Math.min(16, Runtime.getRuntime().availableProcessors());
    CyclicBarrier together = new CyclicBarrier(Math.min(2, processors));
    Set<String> threads = ConcurrentHashMap.newKeySet();
    AtomicLong open = new AtomicLong();
    SigningRules watching =
        domain -> {
          if (threads.add(Thread.currentThread().getName())) {
            await(together);
            open.addAndGet(openTransactions());
          }
          return SigningRules.Wish.AS_SET;
        };
    EventsModule events = it.events(signer(watching));
    for (int i = 0; i < 4 * processors; i++) {
      post(events, "anna" + i + "@example.net");
    }
    assertThat(EventsFixture.process(events)).isEqualTo(4 * processors);
    assertThat(threads).hasSizeGreaterThanOrEqualTo(Math.min(2, processors));
    assertThat(open.get()).isZero();
    assertThat(delivery.sendDue()).isEqualTo(4 * processors);
    for (SmtpSink.Taken each : sink.taken()) {
      assertThat(DkimCheck.verify(each.data(), record("s1"))).isTrue();
    }
  }

  @Test
  void an_event_whose_process_died_is_taken_again_and_the_dead_one_cannot_queue_it_too() {
    EventsModule events = it.events;
    post(events, "anna@example.net");
    EventStore store = new EventStore();
    Instant now = clock.instant();
    List<DueEvent> dead =
        jdbi.inTransaction(handle -> store.take(handle, 9, now.plusSeconds(30), now));
    assertThat(dead).hasSize(1);
    assertThat(EventsFixture.process(events)).as("still taken").isZero();
    clock.tick(Duration.ofSeconds(30));
    assertThat(EventsFixture.process(events)).isEqualTo(1);
    Set<UUID> ours = jdbi.inTransaction(handle -> store.processing(handle, dead, List.of(1), now));
    assertThat(ours).isEmpty();
    assertThat(delivery.sendDue()).isEqualTo(1);
  }

  @Test
  void an_event_the_database_refuses_holds_up_none_that_came_with_it() {
    EventsModule events = it.events;
    jdbi.useHandle(
        handle ->
            handle.execute(
                "ALTER TABLE work_package ADD CONSTRAINT refused"
                    + " CHECK (recipient <> 'bert@example.net')"));
    for (String name : List.of("anna", "bert", "cora")) {
      post(events, name + "@example.net");
    }
    assertThatThrownBy(() -> EventsFixture.process(events)).hasMessageContaining("refused");
    assertThat(delivery.sendDue()).isEqualTo(2);

    jdbi.useHandle(handle -> handle.execute("ALTER TABLE work_package DROP CONSTRAINT refused"));
    assertThat(EventsFixture.process(events)).as("it is still taken").isZero();
    clock.tick(Duration.ofSeconds(30));
    assertThat(EventsFixture.process(events)).isEqualTo(1);
    assertThat(delivery.sendDue()).isEqualTo(1);
  }

  @Test
  void an_event_whose_address_cannot_be_read_any_more_waits_alone() {
    EventsModule events = it.events;
    for (String name : List.of("anna", "bert", "cora")) {
      post(events, name + "@example.net");
    }
    jdbi.useHandle(
        handle ->
            handle.execute("UPDATE event SET email = 'bert' WHERE email = 'bert@example.net'"));
    assertThat(EventsFixture.process(events)).isEqualTo(3);
    assertThat(delivery.sendDue()).isEqualTo(2);
    assertThat(statusOf("bert")).isEqualTo("pending: Its address was accepted");
  }

  private String statusOf(String email) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT status || ': ' || left(fault, 24) FROM event WHERE email = :email")
                .bind("email", email)
                .mapTo(String.class)
                .one());
  }

  private long openTransactions() {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND state LIKE 'idle in transaction%'")
                .mapTo(Long.class)
                .one());
  }

  private static void await(CyclicBarrier together) {
    try {
      if (!together.isBroken()) {
        together.await(20, TimeUnit.SECONDS);
      }
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("Only one thread signs.", e);
    }
  }

  private MailSigner signer(SigningRules rules) throws SigningException {
    return new MailSigner(
        SigningConfig.from(Settings.of(Map.of("dkim.keys", keys.toString()))), rules);
  }

  private static void post(EventsModule events, String recipient) {
    ObjectNode body = invoice("INV-" + recipient).put("email", recipient);
    assertThat(EventsFixture.post(events, body, null)).isInstanceOf(IntakeAnswer.Accepted.class);
  }

  private Path key(String name) throws IOException, GeneralSecurityException {
    Path home = Files.createDirectories(keys.resolve("example.com"));
    return Files.writeString(
        home.resolve(name + ".pem"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(
                    KeyPairGenerator.getInstance("Ed25519")
                        .generateKeyPair()
                        .getPrivate()
                        .getEncoded())
            + "\n-----END PRIVATE KEY-----\n");
  }

  private String record(String selector) throws SigningException {
    return DkimKeys.load(keys).all().stream()
        .filter(each -> each.selector().equals(selector))
        .findFirst()
        .orElseThrow()
        .record();
  }
}
