package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.TestRules;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.OnUncertain;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.Ports;
import dev.retour.support.SmtpSink;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import dev.retour.support.TinyDns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Rules of domains from the queue to a real SMTP server: a real PostgreSQL, a name server and sinks
 * on loopback, one step at a time.
 */
class DomainDeliveryTest {
  private static final String MX_RULES =
      """
      - mx: "narrow.*"
        because: test
        connections: 3
        messages-per-connection: 4
        messages-per-hour: 120
      - mx: "*"
        because: test
        connections: 3
        messages-per-connection: 4
        timeouts: {connect: 2s, answer: 5s, data: 5s}
      """;

  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final TinyDns dns = new TinyDns();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(dns));
  private final SmtpSink sink = new SmtpSink();
  private final AddressBook addresses =
      new AddressBook(
          jdbi,
          clock,
          QuarantineConfig.from(Settings.of(Map.of("quarantine.outage-hits", "10000"))));

  private final Domains domains = TestRules.of(general("smarthost"), MX_RULES);
  private DomainsModule room =
      new DomainsModule(config(25), domains, needs(DomainsModule.WayOut.RELAY));

  @AfterEach
  void close() throws Exception {
    DeliveryFixture.assertOpenPackagesAgree(jdbi);
    for (AutoCloseable each : open) {
      each.close();
    }
    sink.close();
  }

  @Test
  void a_redirect_of_a_rule_holds_for_its_domains_alone_and_from_the_next_mail_on() {
    DeliveryModule delivery = delivery(sink.port());
    long test = enqueue(delivery, "anna@tested.example");
    enqueue(delivery, "berta@other.example");
    domains.replace(
        TestRules.domains(
            general("smarthost")
                + "\n- {domains: tested.example, because: test, redirect: box@our.example}\n"));
    while (sendDue(delivery) > 0) {}
    assertThat(sink.taken())
        .extracting(SmtpSink.Taken::to)
        .containsExactlyInAnyOrder("box@our.example", "berta@other.example");
    assertThat(sink.taken())
        .anyMatch(each -> each.data().contains("[Retour test: to anna@tested.example]"));
    assertThat(column(test, "recipient")).isEqualTo("anna@tested.example");
    assertThat(states(test)).containsExactly("sent");
  }

  @Test
  void a_domain_that_refuses_300_mails_pauses_and_all_others_wait_unfailed_until_it_recovers() {
    DeliveryModule delivery = delivery(sink.port());
    for (int i = 0; i < 300; i++) {
      enqueue(delivery, "451.user" + i + "@slow.example");
    }
    while (sendDue(delivery) > 0) {
      room.traffic().flush();
    }
    // Their own redelivery is not what this is about.
    jdbi.useHandle(
        h ->
            h.execute(
                "UPDATE work_package SET due_at = due_at + interval '2 days' WHERE id <= 300"));
    List<Long> later = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      later.add(enqueue(delivery, "user" + i + "@slow.example"));
    }
    long other = enqueue(delivery, "anna@quick.example");
    while (sendDue(delivery) > 0) {
      room.traffic().flush();
    }

    assertThat(states(other)).containsExactly("sent");
    assertThat(sink.taken()).hasSize(1);
    assertThat(states(later)).containsOnly("waiting");
    assertThat(column(later.get(0), "failure_text")).contains("sending to slow.example pauses");
    assertThat(column(later.get(0), "failure_rule")).isEqualTo("domain-suspended");
    assertThat(sum("attempts")).as("of 701 mails the backlog was not even claimed").isEqualTo(301);
    clock.tick(Duration.ofHours(2));
    assertThat(sendDue(delivery)).as("none is claimed during the pause").isZero();

    clock.tick(Duration.ofHours(1));
    room.traffic().flush();
    int[] afterMinute = new int[30];
    for (int minute = 0; minute < afterMinute.length; minute++) {
      while (sendDue(delivery) > 0) {
        room.traffic().flush();
      }
      afterMinute[minute] = sink.taken().size() - 1;
      clock.tick(Duration.ofMinutes(1));
    }
    assertThat(afterMinute[0]).as("a few probes first").isBetween(1, 5);
    assertThat(afterMinute[1]).isBetween(6, 15);
    assertThat(states(later)).containsOnly("sent");
    assertThat(sum("attempts")).as("each went out at its first attempt").isEqualTo(701);
    assertThat(sum("unspent")).isZero();
    assertThat(room.suspensions().list()).isEmpty();
  }

  @Test
  void direct_delivery_goes_to_the_next_server_when_the_first_cannot_be_connected_to() {
    direct();
    dns.with("company.example", "MX", "10 down.company.example.")
        .with("company.example", "MX", "20 up.company.example.")
        .with("down.company.example", "A", "127.0.0.9")
        .with("up.company.example", "A", "127.0.0.1");
    DeliveryModule delivery = delivery(Ports.free());
    long id = enqueue(delivery, "anna@company.example");
    sendDue(delivery);
    assertThat(states(id)).containsExactly("sent");
    assertThat(sink.taken()).hasSize(1);
  }

  @Test
  void a_refusal_is_an_answer_and_the_next_server_is_not_asked() {
    direct();
    dns.with("company.example", "MX", "10 one.company.example.")
        .with("company.example", "MX", "20 two.company.example.")
        .with("one.company.example", "A", "127.0.0.1")
        .with("two.company.example", "A", "127.0.0.1");
    DeliveryModule delivery = delivery(Ports.free());
    long id = enqueue(delivery, "550.none@company.example");
    sendDue(delivery);
    assertThat(states(id)).containsExactly("error");
    assertThat(sink.connectionsSoFar()).isOne();
  }

  @Test
  void a_domain_that_takes_no_mail_is_an_error_and_one_the_dns_is_silent_about_waits() {
    direct();
    dns.with("null.example", "MX", "0 .");
    dns.fail("broken.example");
    DeliveryModule delivery = delivery(Ports.free());
    long none = enqueue(delivery, "anna@null.example");
    long missing = enqueue(delivery, "anna@missing.example");
    long broken = enqueue(delivery, "anna@broken.example");
    sendDue(delivery);
    assertThat(states(none, missing, broken)).containsExactly("error", "error", "waiting");
    assertThat(column(none, "failure_text")).contains("null MX, RFC 7505");
    assertThat(column(none, "failure_reason")).isEqualTo("2");
    assertThat(column(missing, "failure_reason")).isEqualTo("2");
  }

  @Test
  void servers_that_cannot_be_reached_are_a_failure_that_counts_against_the_domain() {
    direct();
    dns.with("company.example", "MX", "10 down.company.example.")
        .with("down.company.example", "A", "127.0.0.9");
    DeliveryModule delivery = delivery(Ports.free());
    long id = enqueue(delivery, "anna@company.example");
    sendDue(delivery);
    room.traffic().flush();
    assertThat(states(id)).containsExactly("waiting");
    assertThat(column(id, "failure_text")).contains("No mail server could be reached");
    assertThat(column(id, "failure_reason")).isEqualTo("3");
    assertThat(room.suspensions().counted("company.example").errors()).isOne();
    assertThat(delivery.relay().state().up()).as("no mailbox is at fault").isTrue();
  }

  @Test
  void mails_over_the_hourly_limit_wait_and_all_go_out_in_the_slots_to_come() {
    direct();
    dns.with("company.example", "MX", "10 narrow.company.example.")
        .with("narrow.company.example", "A", "127.0.0.1");
    DeliveryModule delivery = delivery(Ports.free());
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      ids.add(enqueue(delivery, "user" + i + "@company.example"));
    }
    sendDue(delivery);
    assertThat(sink.taken()).hasSize(10);
    assertThat(sink.connectionsSoFar()).as("four mails each").isEqualTo(3);
    assertThat(states(ids)).containsOnly("sent", "waiting");
    for (int slot = 0; slot < 4; slot++) {
      clock.tick(Duration.ofMinutes(5));
      room.traffic().flush();
      sendDue(delivery);
    }
    assertThat(states(ids)).containsOnly("sent");
    assertThat(sink.taken()).hasSize(25);
  }

  @Test
  void connections_of_another_sidecar_count_and_the_mail_waits_for_its_turn() {
    direct();
    dns.with("company.example", "MX", "10 mx.company.example.")
        .with("mx.company.example", "A", "127.0.0.1");
    jdbi.useHandle(
        h ->
            h.execute(
                "INSERT INTO mx_share VALUES ('host mx.company.example', 'other', 3, ?)",
                clock.instant().plusSeconds(30)));
    DeliveryModule delivery = delivery(Ports.free());
    long id = enqueue(delivery, "anna@company.example");
    sendDue(delivery);
    assertThat(states(id)).containsExactly("waiting");
    assertThat(column(id, "failure_rule")).isEqualTo("over-limit");
    assertThat(sink.connectionsSoFar()).isZero();
    clock.tick(Duration.ofSeconds(31));
    sendDue(delivery);
    assertThat(states(id)).containsExactly("sent");
  }

  @Test
  void a_relay_of_its_own_takes_the_mail_of_a_domain_and_only_its_mails_wait_when_it_is_down() {
    int port = Ports.free();
    domains.replace(
        TestRules.domains(
            general("smarthost")
                + "- domains: own.example\n  because: test\n  relay: {host: 127.0.0.1, port: "
                + port
                + "}\n"));
    DeliveryModule delivery = delivery(sink.port());
    long own = enqueue(delivery, "anna@own.example");
    long other = enqueue(delivery, "anna@other.example");
    sendDue(delivery);
    assertThat(states(own, other)).containsExactly("waiting", "sent");
    assertThat(delivery.relay().state().up()).isTrue();
    assertThat(delivery.domainRelays())
        .singleElement()
        .satisfies(relay -> assertThat(relay.state().up()).isFalse());
    sendDue(delivery);
    try (SmtpSink back = new SmtpSink(port)) {
      clock.tick(Duration.ofMinutes(1));
      delivery.sender().probe();
      sendDue(delivery);
      assertThat(states(own)).containsExactly("sent");
      assertThat(back.taken()).hasSize(1);
    }
  }

  @Test
  void no_rule_leads_a_mail_out_of_the_sandbox() {
    domains.replace(TestRules.domains(general("direct")));
    room = new DomainsModule(config(25), domains, needs(DomainsModule.WayOut.SANDBOX));
    DeliveryModule delivery = delivery(sink.port());
    long id = enqueue(delivery, "anna@company.example");
    sendDue(delivery);
    assertThat(states(id)).containsExactly("sent");
    assertThat(dns.asked("company.example", "MX")).isZero();
  }

  @Test
  void mails_come_back_when_a_person_ends_the_pause() {
    room.suspensions().suspend("slow.example", Duration.ofDays(1), "olga", "test");
    room.traffic().flush();
    DeliveryModule delivery = delivery(sink.port());
    long id = enqueue(delivery, "anna@slow.example");
    sendDue(delivery);
    assertThat(column(id, "attempts")).as("it was not even tried").isEqualTo("0");
    assertThat(new DeferredMails(jdbi).waitingFor("slow.example")).isOne();
    room.suspensions().resume("slow.example", "olga", "test");
    room.traffic().flush();
    sendDue(delivery);
    assertThat(states(id)).containsExactly("sent");
  }

  @Test
  void a_pause_that_begins_anew_says_until_when() {
    DeliveryModule delivery = delivery(sink.port());
    room.suspensions().suspend("slow.example", Duration.ofHours(1), "olga", "test");
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(enqueue(delivery, "451.user" + i + "@slow.example"));
    }
    assertThat(sendDue(delivery)).isZero();
    String first = column(ids.get(19), "failure_text");
    assertThat(first).contains("pauses until " + clock.instant().plus(Duration.ofHours(1)));
    clock.tick(Duration.ofHours(1));
    room.traffic().flush();
    assertThat(sendDue(delivery)).as("probes").isEqualTo(5);
    room.traffic().flush();
    assertThat(sendDue(delivery)).as("asks, and is told to wait").isLessThanOrEqualTo(1);
    room.traffic().flush();
    clock.tick(Duration.ofSeconds(2));
    sendDue(delivery);
    sendDue(delivery);
    assertThat(column(ids.get(19), "failure_text")).contains("pauses until").isNotEqualTo(first);
    assertThat(sum("attempts - unspent")).isEqualTo(5);
  }

  private long sum(String column) {
    return jdbi.withHandle(
        h -> h.createQuery("SELECT sum(" + column + ") FROM work_package").mapTo(Long.class).one());
  }

  private void direct() {
    domains.replace(TestRules.domains(general("direct")));
    room = new DomainsModule(config(sink.port()), domains, needs(DomainsModule.WayOut.RELAY));
  }

  private static String general(String relay) {
    return "- domains: '*'\n  because: test\n  relay: "
        + relay
        + "\n  suspension: {window: 1h, messages: 300, errors: 90%, pause: 3h, probes: 5,"
        + " ramp: 1m}\n";
  }

  private DomainsConfig config(int mxPort) {
    Map<String, String> texts = new HashMap<>();
    texts.put("domains.dns-servers", dns.address());
    texts.put("domains.dns-timeout", "1s");
    texts.put("domains.mx-port", Integer.toString(mxPort));
    texts.put("domains.local-addresses", "true");
    return DomainsConfig.from(Settings.of(texts));
  }

  private DomainsModule.Needs needs(DomainsModule.WayOut wayOut) {
    return new DomainsModule.Needs(jdbi, clock, "node-a", wayOut);
  }

  private static int sendDue(DeliveryModule delivery) {
    List<ClaimedPackage> claimed = delivery.queue().claim();
    claimed.forEach(each -> send(delivery, each));
    return claimed.size();
  }

  /** What the routes do. */
  private static void send(DeliveryModule delivery, ClaimedPackage claimed) {
    try {
      PackageMessage message = delivery.sender().prepare(claimed).message();
      delivery.mailSender().send(message);
      delivery.settlement().accepted(claimed, message.serverAnswer());
    } catch (jakarta.mail.MessagingException e) {
      delivery.settlement().failed(claimed, e);
    }
  }

  private long enqueue(DeliveryModule delivery, String recipient) {
    UUID event = UUID.randomUUID();
    String messageId = "<" + event + "@retour.test>";
    byte[] raw =
        ("From: shop@example.com\r\nSubject: Hello\r\nMessage-ID: " + messageId + "\r\n\r\nHi\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    NewPackage fresh =
        new NewPackage(
            event,
            "EVTtest",
            null,
            EmailAddress.parse(recipient).orElseThrow(),
            5,
            OnUncertain.HOLD,
            clock.instant().plus(Duration.ofDays(5)),
            messageId,
            "Hello",
            raw);
    return jdbi.inTransaction(handle -> delivery.queue().enqueue(handle, fresh));
  }

  private List<String> states(List<Long> ids) {
    return ids.stream().map(id -> column(id, "state")).toList();
  }

  private List<String> states(Long... ids) {
    return states(List.of(ids));
  }

  private String column(long id, String column) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT " + column + " FROM work_package WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .one());
  }

  private DeliveryModule delivery(int relayPort) {
    Settings settings =
        Settings.of(
            Map.of(
                "delivery.node", "node-a",
                "smtp.host", "127.0.0.1",
                "smtp.port", Integer.toString(relayPort),
                "smtp.connect-timeout", "2s",
                "smtp.answer-timeout", "5s"));
    try {
      DeliveryModule delivery =
          new DeliveryModule(
              DeliveryConfig.from(settings),
              RelayConfig.from(settings),
              new DeliveryModule.Needs(
                  jdbi,
                  jdbi,
                  clock,
                  new Qualifier(
                      RuleSet.load(Path.of("rules/qualification")),
                      QualificationConfig.from(settings)),
                  addresses,
                  new Redelivery(RedeliveryRules.load(Path.of("rules/redelivery.rules.yaml"))),
                  clock,
                  room.traffic(),
                  Facts.NONE,
                  MailSigner.none(),
                  Optional::empty));
      open.add(delivery);
      return delivery;
    } catch (RedeliveryRules.Fault e) {
      throw new AssertionError(e);
    }
  }
}
