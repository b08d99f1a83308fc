package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.domains.DomainTraffic;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.OnUncertain;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.GateAnswer;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The queue against a real PostgreSQL and a real SMTP server, one step at a time, without routes.
 */
class DeliveryTest {
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final SmtpSink sink = new SmtpSink();
  private final AddressBook addresses =
      new AddressBook(jdbi, clock, QuarantineConfig.from(Settings.of(Map.of())));
  private DeliveryModule delivery = module("node-a", sink.port());

  @BeforeEach
  void nothingWasSent() {
    assertThat(sink.taken()).isEmpty();
  }

  @AfterEach
  void close() {
    DeliveryFixture.assertOpenPackagesAgree(jdbi);
    delivery.close();
    sink.close();
  }

  @Test
  void an_accepted_mail_is_sent_with_its_own_bytes_and_a_signed_envelope_sender() {
    long id = enqueue("anna@example.com", OnUncertain.HOLD);
    sendDue();
    assertThat(state(id)).isEqualTo("sent");
    assertThat(sink.taken()).hasSize(1);
    SmtpSink.Taken mail = sink.taken().get(0);
    assertThat(mail.to()).isEqualTo("anna@example.com");
    assertThat(mail.from()).startsWith("bounce+");
    assertThat(delivery.returnPath().verify(mail.from(), clock.instant())).contains(id);
    assertThat(mail.data()).contains("Subject: Hello").contains("\r\n.leading dot\r\n");
    assertThat(attempts(id)).containsExactly("accepted");
  }

  @Test
  void an_unknown_user_is_an_error_and_quarantines_the_address() {
    long id = enqueue("550.none@example.com", OnUncertain.HOLD);
    sendDue();
    assertThat(state(id)).isEqualTo("error");
    assertThat(column(id, "failure_reason")).isEqualTo("1");
    assertThat(column(id, "failure_type")).isEqualTo("hard");
    assertThat(addresses.gate("550.none@example.com")).isInstanceOf(GateAnswer.Closed.class);
  }

  @Test
  void a_temporary_refusal_waits_for_the_redelivery_policy() {
    long id = enqueue("451.grey@example.com", OnUncertain.HOLD);
    sendDue();
    assertThat(state(id)).isEqualTo("waiting");
    clock.tick(Duration.ofMinutes(59));
    sendDue();
    assertThat(attempts(id)).hasSize(1);
    clock.tick(Duration.ofMinutes(1));
    sendDue();
    assertThat(attempts(id)).hasSize(2);
    assertThat(addresses.gate("451.grey@example.com").isOpen()).isTrue();
  }

  @Test
  void an_unreachable_relay_makes_mails_wait_turns_red_and_recovers_by_itself() {
    delivery.close();
    int port = sink.port();
    sink.close();
    delivery = module("node-a", port);
    long id = enqueue("anna@example.com", OnUncertain.HOLD);
    sendDue();
    assertThat(state(id)).isEqualTo("waiting");
    assertThat(delivery.relay().state().up()).isFalse();
    try (SmtpSink again = new SmtpSink(port)) {
      clock.tick(Duration.ofSeconds(1));
      delivery.sender().probe();
      assertThat(delivery.relay().state().up()).isTrue();
      sendDue();
      assertThat(state(id)).isEqualTo("sent");
      assertThat(again.taken()).hasSize(1);
    }
    assertThat(addresses.gate("anna@example.com").isOpen()).isTrue();
  }

  @Test
  void a_connection_cut_before_the_final_dot_waits() {
    long id = enqueue("early@example.com", OnUncertain.HOLD, "x".repeat(9_000_000));
    sendDue();
    assertThat(state(id)).isEqualTo("waiting");
    assertThat(sink.taken()).isEmpty();
  }

  @Test
  void a_refusal_after_the_body_is_an_answer_not_an_uncertainty() {
    long id = enqueue("554data@example.com", OnUncertain.RESEND);
    sendDue();
    assertThat(state(id)).isEqualTo("error");
    assertThat(attempts(id)).containsExactly("refused");
  }

  @Test
  void no_answer_after_the_final_dot_is_uncertain_and_held() {
    long id = enqueue("nodot@example.com", OnUncertain.HOLD);
    sendDue();
    assertThat(state(id)).isEqualTo("uncertain");
    clock.tick(Duration.ofDays(1));
    sendDue();
    assertThat(sink.taken()).hasSize(1);
  }

  @Test
  void no_answer_after_the_final_dot_is_resent_with_the_same_bytes_when_the_message_says_so() {
    long id = enqueue("nodot@example.com", OnUncertain.RESEND);
    sendDue();
    assertThat(state(id)).isEqualTo("waiting");
    clock.tick(Duration.ofHours(1));
    sendDue();
    assertThat(sink.taken()).hasSize(2);
    assertThat(sink.taken().get(1).data()).isEqualTo(sink.taken().get(0).data());
  }

  @Test
  void a_sidecar_that_died_before_the_final_dot_loses_nothing_and_sends_once() {
    long id = enqueue("anna@example.com", OnUncertain.HOLD);
    ClaimedPackage abandoned = delivery.queue().claim().get(0);
    DeliveryModule other = module("node-b", sink.port());
    assertThat(other.queue().releaseDead()).as("the lease still runs").isZero();
    clock.tick(Duration.ofMinutes(2));
    assertThat(other.queue().releaseDead()).isOne();
    sendDue(other);
    assertThat(state(id)).isEqualTo("sent");

    // The dead one was only slow: it must not hand the mail over a second time.
    send(delivery, abandoned);
    assertThat(sink.taken()).hasSize(1);
    assertThat(state(id)).isEqualTo("sent");
    other.close();
  }

  @Test
  void a_sidecar_that_died_after_the_body_leaves_an_uncertain_package() throws Exception {
    long id = enqueue("anna@example.com", OnUncertain.HOLD);
    ClaimedPackage claimed = delivery.queue().claim().get(0);
    delivery.mailSender().send(delivery.sender().prepare(claimed).message());
    clock.tick(Duration.ofMinutes(2));
    assertThat(delivery.queue().releaseDead()).isOne();
    assertThat(state(id)).isEqualTo("uncertain");
    assertThat(attempts(id)).containsExactly("uncertain");
  }

  @Test
  void our_own_former_self_is_given_back_at_once() {
    long id = enqueue("anna@example.com", OnUncertain.HOLD);
    delivery.queue().claim();
    DeliveryModule restarted = module("node-a", sink.port());
    assertThat(restarted.queue().releaseOwnFormerLeases()).isOne();
    assertThat(state(id)).isEqualTo("ready");
    restarted.close();
  }

  @Test
  void a_heartbeat_keeps_the_lease() {
    enqueue("anna@example.com", OnUncertain.HOLD);
    delivery.queue().claim();
    clock.tick(Duration.ofSeconds(50));
    delivery.queue().renewLeases();
    clock.tick(Duration.ofSeconds(50));
    assertThat(delivery.queue().releaseDead()).isZero();
  }

  @Test
  void two_sidecars_never_claim_the_same_package() throws Exception {
    for (int i = 0; i < 400; i++) {
      enqueue("anna" + i + "@example.com", OnUncertain.HOLD);
    }
    DeliveryModule other = module("node-b", sink.port());
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Callable<List<ClaimedPackage>>> claims =
          List.of(() -> delivery.queue().claim(), () -> other.queue().claim());
      Set<Long> ids = new HashSet<>();
      int claimed = 0;
      for (var result : pool.invokeAll(claims)) {
        claimed += result.get().size();
        result.get().forEach(each -> ids.add(each.id()));
      }
      assertThat(claimed).isEqualTo(400);
      assertThat(ids).hasSize(400);
    } finally {
      pool.shutdownNow();
      other.close();
    }
  }

  @Test
  void a_package_past_its_validity_expires_unsent() {
    long id = enqueue("anna@example.com", OnUncertain.HOLD);
    clock.tick(Duration.ofDays(6));
    sendDue();
    assertThat(state(id)).isEqualTo("expired");
    assertThat(sink.taken()).isEmpty();
  }

  @Test
  void the_gate_directly_before_sending_is_the_one_that_counts() {
    long id = enqueue("anna@example.com", OnUncertain.HOLD);
    addresses.set(
        "anna@example.com", dev.retour.quarantine.AddressState.QUARANTINED, "test", "test");
    sendDue();
    assertThat(state(id)).isEqualTo("cancelled");
    assertThat(column(id, "failure_reason")).isEqualTo("9");
    assertThat(sink.taken()).isEmpty();
  }

  @Test
  void connections_are_reused() {
    for (int i = 0; i < 20; i++) {
      enqueue("anna" + i + "@example.com", OnUncertain.HOLD);
    }
    sendDue();
    assertThat(sink.taken()).hasSize(20);
    assertThat(sink.connectionsSoFar()).isOne();
  }

  @Test
  void a_recipient_cannot_smuggle_a_command() {
    long id = enqueue("anna@example.com>\r\nRCPT TO:<evil@example.com", OnUncertain.HOLD);
    sendDue();
    assertThat(sink.taken()).isEmpty();
    assertThat(state(id)).isNotEqualTo("sent");
  }

  private void sendDue() {
    sendDue(delivery);
  }

  private static void sendDue(DeliveryModule module) {
    module.queue().claim().forEach(claimed -> send(module, claimed));
  }

  /** What the routes do. */
  private static void send(DeliveryModule module, ClaimedPackage claimed) {
    try {
      Prepared prepared = module.sender().prepare(claimed);
      if (prepared.isOpen()) {
        module.mailSender().send(prepared.message());
        if (prepared.message().isTest()) {
          module.settlement().tested(claimed, prepared.message().serverAnswer());
        } else {
          module.settlement().accepted(claimed, prepared.message().serverAnswer());
        }
      } else {
        module.settlement().closed(claimed, prepared.gate());
      }
    } catch (jakarta.mail.MessagingException e) {
      module.settlement().failed(claimed, e);
    }
  }

  private long enqueue(String recipient, OnUncertain onUncertain) {
    return enqueue(recipient, onUncertain, "Hi\r\n.leading dot\r\n");
  }

  private long enqueue(String recipient, OnUncertain onUncertain, String text) {
    UUID event = UUID.randomUUID();
    String messageId = "<" + event + "@retour.test>";
    byte[] raw =
        ("From: shop@example.com\r\nTo: x\r\nSubject: Hello\r\nMessage-ID: "
                + messageId
                + "\r\n\r\n"
                + text)
            .getBytes(StandardCharsets.US_ASCII);
    EmailAddress address =
        EmailAddress.parse(recipient)
            .orElseGet(
                () -> new EmailAddress(recipient.replace("@example.com", ""), "example.com"));
    return jdbi.inTransaction(
        handle ->
            delivery
                .queue()
                .enqueue(
                    handle,
                    new NewPackage(
                        event,
                        "EVTtest",
                        "INV-1",
                        address,
                        5,
                        onUncertain,
                        clock.instant().plus(Duration.ofDays(5)),
                        messageId,
                        "Hello",
                        raw)));
  }

  private String state(long id) {
    return column(id, "state");
  }

  private String column(long id, String column) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT " + column + " FROM work_package WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .one());
  }

  private List<String> attempts(long id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT phase FROM attempt WHERE package_id = :id ORDER BY number")
                .bind("id", id)
                .mapTo(String.class)
                .list());
  }

  private DeliveryModule module(String node, int port) {
    try {
      Settings settings =
          Settings.of(
              Map.of(
                  "delivery.node", node,
                  "smtp.host", "127.0.0.1",
                  "smtp.port", Integer.toString(port),
                  "smtp.connect-timeout", "2s",
                  "smtp.answer-timeout", "5s"));
      Qualifier qualifier =
          new Qualifier(
              RuleSet.load(Path.of("rules/qualification")), QualificationConfig.from(settings));
      Redelivery redelivery =
          new Redelivery(RedeliveryRules.load(Path.of("rules/redelivery.rules.yaml")));
      return new DeliveryModule(
          DeliveryConfig.from(settings),
          RelayConfig.from(settings),
          new DeliveryModule.Needs(
              jdbi,
              jdbi,
              clock,
              qualifier,
              addresses,
              redelivery,
              clock,
              DomainTraffic.unlimited(),
              Facts.NONE,
              MailSigner.none(),
              Optional::empty));
    } catch (RedeliveryRules.Fault e) {
      throw new AssertionError(e);
    }
  }
}
