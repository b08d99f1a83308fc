package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.domains.DomainTraffic;
import dev.retour.erp.CallbackConfig;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.OnUncertain;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.DomainReach;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRules;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.TestSources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/** The room delivery over a given database and relay, driven by hand as the routes would. */
public final class DeliveryFixture implements AutoCloseable {
  public static final Path SHIPPED_RULES = Path.of("rules/redelivery.rules.yaml");

  public final Jdbi jdbi;
  public final InstantSource clock;
  public final AddressBook addresses;
  public final Redelivery redelivery;
  public final DeliveryModule module;

  /** What exclusion rules may ask. */
  public final TestSources sources = new TestSources();

  /**
   * A room.
   *
   * @param more settings beside the port of the relay
   */
  public DeliveryFixture(
      Jdbi jdbi,
      InstantSource clock,
      InstantSource leaseClock,
      RedeliveryRules rules,
      Map<String, String> more) {
    this(jdbi, clock, leaseClock, rules, more, DomainTraffic.unlimited());
  }

  /**
   * The same with rules of domains.
   *
   * @param more settings beside the port of the relay
   */
  public DeliveryFixture(
      Jdbi jdbi,
      InstantSource clock,
      InstantSource leaseClock,
      RedeliveryRules rules,
      Map<String, String> more,
      DomainTraffic traffic) {
    Map<String, String> texts =
        new HashMap<>(
            Map.of(
                "delivery.node", "node-a",
                "smtp.host", "127.0.0.1",
                "smtp.connect-timeout", "2s",
                "smtp.answer-timeout", "5s"));
    texts.putAll(more);
    Settings settings = Settings.of(texts);
    this.jdbi = jdbi;
    this.clock = clock;
    Facts facts = CallbackConfig.facts(settings, "tenant-1");
    this.addresses =
        new AddressBook(
            jdbi,
            clock,
            QuarantineConfig.from(settings),
            new AddressBook.Beside(
                DomainReach.UNKNOWN,
                facts,
                new Gate.Terms(GateRules.NONE, sources, new GateStore())));
    this.redelivery = new Redelivery(rules);
    this.module =
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
                redelivery,
                leaseClock,
                traffic,
                facts,
                MailSigner.none(),
                Optional::empty));
  }

  public static RedeliveryRules shippedRules() {
    try {
      return RedeliveryRules.load(SHIPPED_RULES);
    } catch (RedeliveryRules.Fault e) {
      throw new AssertionError(e);
    }
  }

  public static String port(int port) {
    return Integer.toString(port);
  }

  public long enqueue(String recipient) {
    return enqueue(recipient, RedeliveryRequest.NONE);
  }

  public long enqueue(String recipient, RedeliveryRequest request) {
    return enqueue(recipient, request, "Hi");
  }

  /** So many mails in one transaction. */
  public List<Long> enqueue(int mails) {
    return enqueue(mails, "example.com");
  }

  /** So many mails to one domain in one transaction. */
  public List<Long> enqueue(int mails, String domain) {
    List<NewPackage> fresh =
        IntStream.range(0, mails)
            .mapToObj(i -> fresh("customer" + i + "@" + domain, RedeliveryRequest.NONE, "Hi"))
            .toList();
    return jdbi.inTransaction(handle -> module.queue().enqueue(handle, fresh));
  }

  /** A mail with so much in it. */
  public long enqueue(String recipient, RedeliveryRequest request, String text) {
    return enqueue(fresh(recipient, request, text));
  }

  /** A mail whose message says what becomes of it when its outcome is unknown. */
  long enqueue(String recipient, OnUncertain onUncertain) {
    EmailAddress address = EmailAddress.parse(recipient).orElseThrow();
    return enqueue(fresh(address, RedeliveryRequest.NONE, onUncertain, "Hi"));
  }

  long enqueue(NewPackage fresh) {
    return jdbi.inTransaction(handle -> module.queue().enqueue(handle, fresh));
  }

  private NewPackage fresh(String recipient, RedeliveryRequest request, String text) {
    EmailAddress address = EmailAddress.parse(recipient).orElseThrow();
    return fresh(address, request, OnUncertain.HOLD, text);
  }

  /** A mail that is not queued yet, also to what no parser would take for an address. */
  NewPackage fresh(
      EmailAddress address, RedeliveryRequest request, OnUncertain onUncertain, String text) {
    UUID event = UUID.randomUUID();
    String messageId = "<" + event + "@retour.test>";
    byte[] raw =
        ("Subject: Hello\r\nMessage-ID: " + messageId + "\r\n\r\n" + text + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    Instant byPolicy = module.queue().endOfValidity("EVTtest", address.domain(), request);
    Instant byMessage = clock.instant().plus(Duration.ofDays(30));
    return new NewPackage(
        event,
        "EVTtest",
        "INV-1",
        address,
        5,
        onUncertain,
        byPolicy.isBefore(byMessage) ? byPolicy : byMessage,
        messageId,
        "Hello",
        raw,
        new NewPackage.Terms("mail", List.of(), null, null, request));
  }

  /** Sends what is due, as the routes do: in volleys, and what they leave alone; how many. */
  public int sendDue() {
    List<ClaimedPackage> claimed = module.queue().claim();
    for (Volley volley : module.sender().volleys(claimed)) {
      module.sender().send(module.sender().prepare(volley));
      module.settlement().accepted(volley);
      volley.rest().forEach(this::finish);
    }
    return claimed.size();
  }

  /** Sends one alone, from the beginning. */
  public void send(ClaimedPackage claimed) {
    finish(new Outgoing(claimed));
  }

  /** Sends alone what a volley left. */
  void finish(Outgoing mail) {
    ClaimedPackage claimed = mail.workPackage();
    try {
      Prepared prepared = module.sender().prepare(mail);
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

  public String column(long id, String column) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT " + column + " FROM work_package WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .one());
  }

  /** How its attempts ended, in their order. */
  List<String> phases(long id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT phase FROM attempt WHERE package_id = :id ORDER BY number")
                .bind("id", id)
                .mapTo(String.class)
                .list());
  }

  public List<Instant> attemptTimes(long id) {
    return jdbi.withHandle(
        h ->
            h.createQuery("SELECT started_at FROM attempt WHERE package_id = :id ORDER BY number")
                .bind("id", id)
                .mapTo(Instant.class)
                .list());
  }

  /** Whatever was done to the packages: the table of the open ones says the same as they do. */
  static void assertOpenPackagesAgree(Jdbi jdbi) {
    List<String> differences =
        jdbi.withHandle(
            h ->
                h.createQuery(
                        """
                        SELECT concat_ws(' ', p.id, p.state, p.due_at, o.package_id, o.due_at)
                          FROM (SELECT * FROM work_package
                                 WHERE state IN ('ready', 'waiting', 'sending')) p
                          FULL JOIN work_package_open o ON o.package_id = p.id
                         WHERE o.package_id IS NULL OR p.id IS NULL
                            OR p.due_at IS DISTINCT FROM o.due_at
                            OR p.expires_at <> o.expires_at OR p.priority <> o.priority""")
                    .mapTo(String.class)
                    .list());
    assertThat(differences).as("packages and open packages").isEmpty();
  }

  @Override
  public void close() {
    assertOpenPackagesAgree(jdbi);
    module.close();
  }
}
