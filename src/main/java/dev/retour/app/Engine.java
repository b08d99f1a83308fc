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
import dev.retour.delivery.DigestConfig;
import dev.retour.delivery.Facts;
import dev.retour.delivery.RecipientStore;
import dev.retour.delivery.RelayConfig;
import dev.retour.erp.CallbackConfig;
import dev.retour.erp.ErpConfig;
import dev.retour.erp.ErpModule;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.mail.MailConfig;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.QualificationModule;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.OutageDecision;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.quarantine.QuarantineModule;
import dev.retour.sandbox.SandboxClock;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import java.nio.file.Path;
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

  private final InstantSource clock;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final SimpleRegistry beans = new SimpleRegistry();
  private final Reloader reloader;
  private final SystemParts parts;
  private final CompletableFuture<Database> opening;
  private final SandboxPart sandbox;
  private final SettingsSource source;
  private final Settings settings;
  private final AppConfig app;
  private final HttpConfig http;

  private Engine(SettingsSource source) {
    this.source = source;
    Settings given = source.settings();
    clock = SandboxPart.clock(given, InstantSource.system());
    reloader = new Reloader(clock);
    parts = new SystemParts(clock, reloader);
    // The database takes longest; it comes up beside everything that does not need it.
    opening = CompletableFuture.supplyAsync(() -> Database.open(StoreConfig.from(given)));
    started.push(() -> closeOnceOpen(opening));
    try {
      sandbox = SandboxPart.start(given, clock);
      started.push(sandbox);
      settings = sandbox.settings();
      app = AppConfig.from(settings);
      http = HttpConfig.from(settings);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
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
    try {
      Engine engine = new Engine(given);
      try {
        engine.open(given.camel());
        return engine;
      } catch (Exception e) {
        engine.close();
        throw e;
      }
    } catch (Exception e) {
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
    DeliveryConfig deliveryConfig = DeliveryConfig.from(settings);
    DomainsPart domains = DomainsPart.load(settings, sandbox.running());
    // Rules go on loading while the routes start; the first who needs one waits.
    Edited edited = Edited.load(settings, beans, domains.signing());
    Map<String, String> properties = CamelSettings.of(settings, http, app, camel);
    RouteSet routes = RouteSet.read(app.routes());
    RouteCheck check = new RouteCheck(beans, properties);
    CamelEngine engine = load(routes, check, properties);
    ErrorPages errorPages;
    try {
      errorPages = bindRooms(opening.join(), deliveryConfig, edited, domains);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
    started.push(engine);
    start(engine, check, routes);
    ConsoleModule.answerRefusals(engine.context(), http.port(), errorPages);
    edited.requireFaultless();
    edited.watch(reloader);
    domains.watch(reloader);
    if (clock instanceof SandboxClock moved) {
      Path file = SandboxClock.file(SandboxConfig.from(settings).dir());
      reloader.watch(file, RulesReload.sandboxClock(moved, file));
    }
    reloader.watch(app.routes(), new RouteReload(app.routes(), engine, check, routes));
    started.push(reloader);
    reloader.start(app.reloadInterval());
  }

  private static CamelEngine load(RouteSet routes, RouteCheck check, Map<String, String> properties)
      throws RouteFaultException {
    try {
      return CamelEngine.load(properties);
    } catch (RuntimeException e) {
      // Camel names neither file nor line; the check does, if it is the routes that are at fault.
      check.read(routes);
      throw e;
    }
  }

  private void start(CamelEngine engine, RouteCheck check, RouteSet routes)
      throws RouteFaultException {
    try {
      engine.start(beans);
    } catch (RuntimeException e) {
      check.check(routes);
      throw e;
    }
  }

  private ErrorPages bindRooms(
      Database database, DeliveryConfig unnamed, Edited edited, DomainsPart domains) {
    DeliveryConfig deliveryConfig = unnamed.named(http.host() + ":" + http.port());
    RelayConfig relay = RelayConfig.from(settings);
    QualificationModule.bindTable(
        beans, database.jdbi(), clock, QualificationConfig.from(settings));
    Facts facts = CallbackConfig.facts(settings, settings.get(EventsConfig.TENANT));
    SourcesPart sources = new SourcesPart(settings, clock);
    started.push(sources);
    GatePart gate = GatePart.load(settings, sources.sources());
    AddressBook addresses =
        QuarantineModule.bind(
            beans,
            QuarantineConfig.from(settings),
            new QuarantineModule.Needs(
                database.jdbi(), clock, RecipientStore::addresses, facts, gate.terms()));
    gate.watch(reloader, addresses);
    DeliveryModule delivery =
        new DeliveryModule(
            deliveryConfig,
            relay,
            new DeliveryModule.Needs(
                database.jdbi(),
                database.jdbiByIndex(),
                clock,
                edited.qualifier(),
                addresses,
                edited.redelivery(),
                InstantSource.system(),
                domains.start(beans, database.jdbi(), clock, deliveryConfig.node()),
                facts,
                edited.signer(),
                source::smtpPassword));
    started.push(delivery);
    delivery.bind(beans);
    delivery.bindDigest(beans, DigestConfig.from(settings));
    delivery.queue().releaseOwnFormerLeases();
    sources.watch(reloader);
    parts.addSources(sources);
    MessagesPart messages =
        new MessagesPart(settings, database, clock, sandbox.running(), sources.sources());
    messages.watch(reloader);
    EventsModule.Needs needs =
        new EventsModule.Needs(
            database.jdbi(),
            database.jdbiByIndex(),
            clock,
            messages.messages(),
            delivery.queue(),
            addresses,
            deliveryConfig.returnPathDomain(),
            edited.signer(),
            UnsubscribePart.bind(beans, settings, database.jdbi(), clock, delivery),
            sources.sources());
    EventsPart.bind(
        beans,
        settings,
        needs,
        AttachmentsPart.load(settings, sources.sources(), clock, reloader),
        delivery);
    ConsoleModule.bindQueue(beans::bind, delivery.desk());
    BouncesModule bounces =
        new BouncesModule(
            BouncesConfig.from(settings),
            new BouncesModule.Needs(
                database.jdbi(),
                clock,
                MailConfig.from(settings),
                edited.qualifier(),
                addresses,
                delivery.queue(),
                delivery.returnPath()));
    bounces.bind(beans);
    ErpModule erp = new ErpModule(ErpConfig.from(settings));
    started.push(erp);
    erp.bind(beans);
    parts.addDatabase(database);
    parts.addRelay(relay, sandbox.running(), delivery);
    parts.add("domains", domains.state(database.jdbi(), clock, delivery));
    if (clock instanceof SandboxClock moved) {
      parts.addClock(moved);
    }
    parts.add("callbacks", CallbackPart.bind(beans, source, delivery.callbacks(), clock, reloader));
    bounces.mailboxes().forEach(parts::addMailbox);
    if (!sandbox.running()) {
      parts.addDigest(DigestConfig.from(settings));
    }
    parts.addTrust(BouncesConfig.from(settings).trust());
    parts.addTests(deliveryConfig);
    parts.addRedirects(domains::redirects);
    parts.addSigner(edited.signer(), domains::signByRule);
    parts.addOutages(
        new OutageDecision(database.jdbi(), clock, QuarantineConfig.from(settings), facts));
    parts.bindHealth(beans);
    return ConsoleModule.bind(
        beans::bind,
        ConsoleConfig.from(settings),
        new ConsoleSources(
            database.jdbi(),
            clock,
            parts,
            sandbox.mails(),
            messages.room(),
            EventsModule.proofs(needs, messages.room())));
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
