package dev.retour.app;

import dev.retour.bounces.BouncesConfig;
import dev.retour.bounces.BouncesModule;
import dev.retour.config.Settings;
import dev.retour.console.ConsoleConfig;
import dev.retour.console.ConsoleModule;
import dev.retour.console.ConsoleSources;
import dev.retour.console.ErrorPages;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.DeliveryModule;
import dev.retour.delivery.Redelivery;
import dev.retour.delivery.RedeliveryRules;
import dev.retour.delivery.RelayConfig;
import dev.retour.erp.ErpConfig;
import dev.retour.erp.ErpModule;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.mail.MailConfig;
import dev.retour.messages.Messages;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.QualificationModule;
import dev.retour.qualification.Qualifier;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.quarantine.QuarantineModule;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.support.SimpleRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole house, started from the ground up and stopped from the top down. What was started when
 * a later part fails is stopped again: the process never hangs half alive.
 */
final class Engine implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  private final InstantSource clock = InstantSource.system();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final SimpleRegistry beans = new SimpleRegistry();
  private final Reloader reloader = new Reloader(clock);
  private final SystemParts parts = new SystemParts(clock, reloader);
  private final SandboxPart sandbox;
  private final Settings settings;
  private final AppConfig app;
  private final HttpConfig http;

  private Engine(SandboxPart sandbox) {
    this.sandbox = sandbox;
    this.settings = sandbox.settings();
    this.app = AppConfig.from(settings);
    this.http = HttpConfig.from(settings);
    started.push(sandbox);
  }

  /**
   * Starts everything.
   *
   * @param given the configuration as found
   * @throws RuntimeException whose message is one sentence when something cannot start
   */
  static Engine start(SettingsSource given) {
    HttpConfig http = HttpConfig.from(given.settings());
    StartupFaults.refuseTakenPort(http.host(), http.port(), HttpConfig.PORT.key(), "--http-port");
    SandboxPart sandbox;
    try {
      sandbox = SandboxPart.start(given.settings(), InstantSource.system());
    } catch (RuntimeException e) {
      throw StartupFaults.sentence(e);
    }
    Engine engine;
    try {
      engine = new Engine(sandbox);
    } catch (RuntimeException e) {
      sandbox.close();
      throw StartupFaults.sentence(e);
    }
    try {
      engine.open(given.camel());
      return engine;
    } catch (Exception e) {
      engine.close();
      throw StartupFaults.sentence(e);
    }
  }

  /** Where the console is. */
  String consoleUrl() {
    return "http://" + http.host() + ":" + http.port() + "/";
  }

  boolean inSandbox() {
    return sandbox.running();
  }

  Settings settings() {
    return settings;
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not stop cleanly.", part.getClass().getSimpleName(), e);
      }
    }
  }

  private void open(Map<String, String> camel) throws Exception {
    // The database and the messages take longest; both come up beside the rest.
    CompletableFuture<Database> opening =
        CompletableFuture.supplyAsync(() -> Database.open(StoreConfig.from(settings)));
    started.push(() -> closeOnceOpen(opening));
    MessagesConfig messagesConfig = MessagesConfig.from(settings);
    CompletableFuture<Messages> compiling =
        CompletableFuture.supplyAsync(() -> MessagesModule.load(messagesConfig));
    QualificationConfig rules = QualificationConfig.from(settings);
    Qualifier qualifier = QualificationModule.bind(beans, rules);
    DeliveryConfig deliveryConfig = DeliveryConfig.from(settings);
    Redelivery redelivery = new Redelivery(RedeliveryRules.load(deliveryConfig.redeliveryRules()));
    RouteSet routes = RouteSet.read(app.routes());
    Messages messages = compiling.join();
    MessagesModule.bind(beans, messages);
    Database database = opening.join();

    bindRooms(database, deliveryConfig, qualifier, redelivery, messages);
    parts.bindHealth(beans);
    ErrorPages errorPages =
        ConsoleModule.bind(
            beans::bind,
            ConsoleConfig.from(settings),
            new ConsoleSources(database.jdbi(), clock, parts, sandbox.mails()));
    Map<String, String> properties = CamelSettings.of(settings, http, app, camel);
    RouteCheck check = new RouteCheck(beans, properties);
    CamelEngine engine = startRoutes(properties, check, routes);
    started.push(engine);
    ConsoleModule.answerRefusals(engine.context(), http.port(), errorPages);

    reloader.watch(app.routes(), new RouteReload(app.routes(), engine, check, routes));
    reloader.watch(rules.rules(), RulesReload.qualification(rules.rules(), qualifier));
    reloader.watch(
        deliveryConfig.redeliveryRules(),
        RulesReload.redelivery(deliveryConfig.redeliveryRules(), redelivery));
    reloader.watch(messagesConfig.messages(), RulesReload.messages(messagesConfig, messages));
    started.push(reloader);
    reloader.start(app.reloadInterval());
  }

  private void bindRooms(
      Database database,
      DeliveryConfig deliveryConfig,
      Qualifier qualifier,
      Redelivery redelivery,
      Messages messages) {
    RelayConfig relay = RelayConfig.from(settings);
    AddressBook addresses =
        QuarantineModule.bind(beans, database.jdbi(), clock, QuarantineConfig.from(settings));
    DeliveryModule delivery =
        new DeliveryModule(
            deliveryConfig.named(http.host() + ":" + http.port()),
            relay,
            new DeliveryModule.Needs(database.jdbi(), clock, qualifier, addresses, redelivery));
    started.push(delivery);
    delivery.bind(beans);
    delivery.queue().releaseOwnFormerLeases();
    EventsModule events =
        new EventsModule(
            EventsConfig.from(settings),
            new EventsModule.Needs(
                database.jdbi(),
                clock,
                messages,
                delivery.queue(),
                addresses,
                deliveryConfig.returnPathDomain()));
    events.bind(beans);
    ConsoleModule.bindApi(beans::bind, events.intake(), events.eventLog(), messages);
    BouncesModule bounces =
        new BouncesModule(
            BouncesConfig.from(settings),
            new BouncesModule.Needs(
                database.jdbi(),
                clock,
                MailConfig.from(settings),
                qualifier,
                addresses,
                delivery.queue(),
                delivery.returnPath()));
    bounces.bind(beans);
    ErpModule erp = new ErpModule(ErpConfig.from(settings));
    started.push(erp);
    erp.bind(beans);
    parts.addDatabase(database);
    parts.addRelay(
        delivery.relay(),
        (sandbox.running() ? "SMTP, sandbox " : "SMTP relay ") + relay.host() + ":" + relay.port());
    bounces.mailboxes().forEach(parts::addMailbox);
  }

  private CamelEngine startRoutes(Map<String, String> properties, RouteCheck check, RouteSet routes)
      throws Exception {
    try {
      return CamelEngine.start(beans, properties);
    } catch (Exception e) {
      // Camel names neither file nor line; the check does, if it is the routes that are at fault.
      check.check(routes);
      throw e;
    }
  }

  private static void closeOnceOpen(CompletableFuture<Database> opening) {
    opening
        .handle(
            (database, fault) -> {
              if (database != null) {
                database.close();
              }
              return null;
            })
        .join();
  }
}
