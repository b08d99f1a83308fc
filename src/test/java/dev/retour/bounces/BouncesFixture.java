package dev.retour.bounces;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.DeliveryModule;
import dev.retour.delivery.NewPackage;
import dev.retour.delivery.Redelivery;
import dev.retour.delivery.RedeliveryRules;
import dev.retour.delivery.RelayConfig;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.TestRules;
import dev.retour.erp.CallbackConfig;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailConfig;
import dev.retour.mail.MailSigner;
import dev.retour.mail.OnUncertain;
import dev.retour.mail.ReturnPath;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;

/** The rooms below, on a database of their own, and mails that were sent. */
final class BouncesFixture implements AutoCloseable {
  private static final RuleSet RULES = RuleSet.load(Path.of("rules/qualification"));

  private static final String RULES_OF_DOMAINS =
      """
      - domains: "*"
        because: test
        suspension: {window: 1h, messages: 300, errors: 90%, pause: 3h, probes: 5, ramp: 1m}
      """;

  final Jdbi jdbi = TestDatabase.fresh();
  final TickingClock clock = new TickingClock();
  final AddressBook addresses;
  final BouncesModule bounces;

  /** What the domains take and refuse, by {@link #RULES_OF_DOMAINS}. */
  final DomainsModule domains;

  private final DeliveryModule delivery;

  /** A mail that was sent. */
  record Sent(long id, String messageId, String returnPath) {}

  BouncesFixture(Map<String, String> texts) {
    Settings settings = Settings.of(texts);
    Settings relay = Settings.of(Map.of("smtp.host", "127.0.0.1"));
    addresses = new AddressBook(jdbi, clock, QuarantineConfig.from(settings));
    domains =
        new DomainsModule(
            DomainsConfig.from(settings),
            TestRules.of(
                RULES_OF_DOMAINS,
                "- {mx: '*', because: test, connections: 2, messages-per-connection: 5}"),
            new DomainsModule.Needs(jdbi, clock, "node-a", DomainsModule.WayOut.RELAY));
    Qualifier qualifier = new Qualifier(RULES, QualificationConfig.from(settings));
    try {
      delivery =
          new DeliveryModule(
              DeliveryConfig.from(settings),
              RelayConfig.from(relay),
              new DeliveryModule.Needs(
                  jdbi,
                  jdbi,
                  clock,
                  qualifier,
                  addresses,
                  new Redelivery(RedeliveryRules.load(Path.of("rules/redelivery.rules.yaml"))),
                  clock,
                  domains.traffic(),
                  CallbackConfig.facts(settings, ""),
                  MailSigner.none(),
                  Optional::empty));
    } catch (RedeliveryRules.Fault e) {
      throw new AssertionError(e);
    }
    bounces =
        new BouncesModule(
            BouncesConfig.from(settings),
            new BouncesModule.Needs(
                jdbi,
                clock,
                MailConfig.from(settings),
                qualifier,
                addresses,
                delivery.queue(),
                delivery.returnPath()));
  }

  Sent sent(String recipient) {
    UUID event = UUID.randomUUID();
    String messageId = "<" + event + "@shop.example>";
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
            "Your order",
            ("Message-ID: " + messageId + "\r\n\r\nHello\r\n").getBytes(StandardCharsets.US_ASCII));
    long id = jdbi.inTransaction(handle -> delivery.queue().enqueue(handle, fresh));
    jdbi.useHandle(
        handle ->
            handle.execute("UPDATE work_package SET state='sent', due_at=NULL WHERE id=?", id));
    ReturnPath signer = delivery.returnPath();
    return new Sent(id, messageId, signer.sign(id, clock.instant()));
  }

  String packageState(Sent sent) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("SELECT state FROM work_package WHERE id = :id")
                .bind("id", sent.id())
                .mapTo(String.class)
                .one());
  }

  long count(String table) {
    return jdbi.withHandle(
        handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  /** The one text a query finds. */
  String text(String sql) {
    return jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).one());
  }

  BounceDesk desk() {
    SimpleRegistry beans = new SimpleRegistry();
    bounces.bind(beans);
    return beans.lookupByNameAndType("bounceDesk", BounceDesk.class);
  }

  @Override
  public void close() {
    delivery.close();
  }
}
