package dev.retour.app;

import dev.retour.bounces.BouncesConfig;
import dev.retour.bounces.MailboxMonitor;
import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.ReloadFault;
import dev.retour.console.SystemState;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.DigestConfig;
import dev.retour.mail.MailSigner;
import dev.retour.quarantine.Outage;
import dev.retour.quarantine.OutageDecision;
import dev.retour.sandbox.SandboxClock;
import dev.retour.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.support.SimpleRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the process knows of its parts, for console and health alike. */
final class SystemParts implements SystemState {
  private static final Logger log = LoggerFactory.getLogger(SystemParts.class);
  private static final String SIGNING = "Signing of mails";
  private static final Duration DATABASE_PROBE_EVERY = Duration.ofSeconds(2);

  private final List<Part> parts = new ArrayList<>();
  private final List<Supplier<Optional<String>>> banners = new ArrayList<>();
  private final Reloader reloader;
  private final InstantSource clock;

  /** A part that can be asked at any time and answers at once. */
  private record Part(String id, Supplier<ComponentState> state) {}

  SystemParts(InstantSource clock, Reloader reloader) {
    this.clock = clock;
    this.reloader = reloader;
    add("reload", this::reload);
  }

  /** Adds a part; in the order in which they are shown. */
  void add(String id, Supplier<ComponentState> state) {
    parts.add(new Part(id, state));
  }

  void addDatabase(Database database) {
    DatabaseProbe probe = new DatabaseProbe(database);
    parts.add(0, new Part("database", probe::state));
  }

  /** Red while mass quarantines wait for a person. */
  void addOutages(OutageDecision outages) {
    OutageProbe probe = new OutageProbe(outages);
    add("quarantine", probe::state);
  }

  /** Says so when failures reach nobody but who looks at the console. */
  void addDigest(DigestConfig digest) {
    if (digest.errorsTo().isEmpty()) {
      ComponentState off =
          new ComponentState(
              "Telling people of failures",
              Status.OFF,
              "Nobody gets a mail about mails that failed: set delivery.errors-to.",
              null);
      add("errors-to", () -> off);
    }
  }

  /** Red as long as bounces are believed without proof. */
  void addTrust(BouncesConfig.Trust trust) {
    if (trust == BouncesConfig.Trust.UNSIGNED) {
      ComponentState red =
          new ComponentState(
              "Evidence of bounces",
              Status.DOWN,
              "bounces.trust is unsigned: anybody can bar any address by a forged bounce. Set it"
                  + " back to signed once mails of the former system no longer come back.",
              null);
      add("trust", () -> red);
    }
  }

  /** Says so on every page as long as the time is not the real one. */
  void addClock(SandboxClock clock) {
    add(
        "clock",
        () ->
            new ComponentState(
                "Clock", Status.UP, SandboxPart.clockSentence(clock.offset()), null));
    banners.add(
        () ->
            clock.offset().isZero()
                ? Optional.empty()
                : Optional.of(
                    SandboxPart.clockSentence(clock.offset())
                        + " Everything here happens by that clock."));
  }

  /** Red from the first mail that could not be signed to the next that could. */
  void addSigner(MailSigner signer) {
    add(
        "signing",
        () ->
            signer
                .fault()
                .map(
                    fault ->
                        new ComponentState(
                            SIGNING,
                            Status.DOWN,
                            fault.text() + " Such mails wait; none is sent unsigned.",
                            fault.since()))
                .orElseGet(
                    () ->
                        new ComponentState(
                            SIGNING, Status.UP, "Every mail is signed that is to be.", null)));
  }

  /** Says so on every page as long as mails do not go to their recipients. */
  void addTests(DeliveryConfig delivery) {
    if (delivery.smtpTest()) {
      String test =
          "SMTP test: every session ends after RCPT TO, no mail is handed over"
              + " (delivery.smtp-test).";
      log.warn(test);
      banners.add(() -> Optional.of(test));
    } else if (!delivery.redirectTo().isEmpty()) {
      String redirect =
          "Test: every mail goes to "
              + delivery.redirectTo()
              + " instead of its recipient (delivery.redirect-to).";
      log.warn(redirect);
      banners.add(() -> Optional.of(redirect));
    }
  }

  /** The same for redirects of domain rules, which may change at any time. */
  void addRedirects(Supplier<List<String>> redirects) {
    redirects.get().forEach(log::warn);
    banners.add(
        () -> {
          List<String> now = redirects.get();
          return now.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", now));
        });
  }

  void addMailbox(MailboxMonitor mailbox) {
    String id = mailbox.name().contains("POP3") ? "mailbox-pop3" : "mailbox-imap";
    add(id, () -> mailbox(mailbox));
  }

  /** Puts each part into {@code /observe/health}. */
  void bindHealth(SimpleRegistry beans) {
    for (Part part : parts) {
      beans.bind(part.id() + "HealthCheck", new PartHealthCheck(part.id(), part.state()));
    }
  }

  @Override
  public List<ComponentState> components() {
    return parts.stream().map(part -> part.state().get()).toList();
  }

  @Override
  public List<String> banners() {
    return banners.stream().flatMap(banner -> banner.get().stream()).toList();
  }

  @Override
  public List<ReloadFault> reloadFaults() {
    return reloader.refused().stream()
        .flatMap(
            refused ->
                refused.faults().stream()
                    .map(
                        fault ->
                            new ReloadFault(
                                fault.file(), fault.line(), fault.text(), refused.since())))
        .toList();
  }

  private ComponentState reload() {
    List<Reloader.Refused> refused = reloader.refused();
    if (refused.isEmpty()) {
      return new ComponentState(
          "Routes, rules, messages", Status.UP, "What the files say is in force.", null);
    }
    Reloader.Refused first = refused.get(0);
    return new ComponentState(
        "Routes, rules, messages",
        Status.DOWN,
        "Changed " + first.part() + " refused, the old ones run on: " + first.faults().get(0),
        first.since());
  }

  private static ComponentState mailbox(MailboxMonitor mailbox) {
    MailboxMonitor.State state = mailbox.state();
    if (!state.enabled()) {
      return new ComponentState(mailbox.name(), Status.OFF, "Not configured.", null);
    }
    if (state.up()) {
      String sentence = state.since() == null ? "Not looked at yet." : "Can be read.";
      return new ComponentState(mailbox.name(), Status.UP, sentence, state.since());
    }
    return new ComponentState(
        mailbox.name(),
        Status.DOWN,
        "Cannot be read: " + state.fault() + ". Bounces wait in it; reading resumes by itself.",
        state.since());
  }

  /** Asks as seldom as {@link DatabaseProbe}; what the database does not tell is no news. */
  private final class OutageProbe {
    private static final String NAME = "Quarantine";

    private final OutageDecision outages;
    private @Nullable Instant askedAt;
    private ComponentState last = new ComponentState(NAME, Status.UP, "Not asked yet.", null);

    OutageProbe(OutageDecision outages) {
      this.outages = outages;
    }

    synchronized ComponentState state() {
      Instant now = clock.instant();
      if (askedAt == null || now.isAfter(askedAt.plus(DATABASE_PROBE_EVERY))) {
        askedAt = now;
        try {
          last = ask();
        } catch (RuntimeException e) {
          log.debug("The held quarantines are not known: the database does not answer.", e);
        }
      }
      return last;
    }

    private ComponentState ask() {
      List<Outage> open = outages.list(false);
      if (open.isEmpty()) {
        return new ComponentState(NAME, Status.UP, "No decision is held.", null);
      }
      Outage newest = open.get(0);
      String more = open.size() == 1 ? "" : " " + (open.size() - 1) + " more are held.";
      return new ComponentState(
          NAME,
          Status.DOWN,
          newest.held()
              + " quarantines of "
              + newest.domain()
              + " are held, it looks like an outage there: ./retour quarantine held."
              + more,
          newest.openedAt());
    }
  }

  /** Asks the database at most every two seconds, however many pages are open. */
  private final class DatabaseProbe {
    private final Database database;
    private @Nullable Instant askedAt;
    private ComponentState last = new ComponentState("Database", Status.UP, "", null);

    DatabaseProbe(Database database) {
      this.database = database;
    }

    synchronized ComponentState state() {
      Instant now = clock.instant();
      if (askedAt == null || now.isAfter(askedAt.plus(DATABASE_PROBE_EVERY))) {
        askedAt = now;
        last = ask(now);
      }
      return last;
    }

    private ComponentState ask(Instant now) {
      Optional<String> fault = database.fault();
      Status status = fault.isEmpty() ? Status.UP : Status.DOWN;
      Instant since = status == last.status() && last.since() != null ? last.since() : now;
      String sentence =
          fault
              .map(
                  text ->
                      "Does not answer: "
                          + text
                          + " Intake answers 503 and sending pauses; both resume by themselves.")
              .orElse("Answers.");
      return new ComponentState("Database, " + database.description(), status, sentence, since);
    }
  }
}
