package dev.retour.app;

import dev.retour.bounces.BouncesConfig;
import dev.retour.bounces.MailboxMonitor;
import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.console.ReloadFault;
import dev.retour.console.SystemState;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.DeliveryModule;
import dev.retour.delivery.DigestConfig;
import dev.retour.delivery.RelayConfig;
import dev.retour.mail.MailSigner;
import dev.retour.quarantine.OutageDecision;
import dev.retour.sandbox.SandboxClock;
import dev.retour.store.Database;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.support.SimpleRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the process knows of its parts, for console and health alike. */
final class SystemParts implements SystemState {
  private static final Logger log = LoggerFactory.getLogger(SystemParts.class);
  private static final Phrase SIGNING = Phrase.of("part.signing.name");

  private final List<Part> parts = new ArrayList<>();
  private final List<Supplier<Optional<Phrase>>> banners = new ArrayList<>();
  private final List<Part> inHealth = new ArrayList<>();
  private final List<Supplier<List<ComponentState>>> groups = new ArrayList<>();
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
    parts.add(0, new Part("database", new DatabaseProbe(database, clock)));
  }

  /** Parts that come and go; in health they are one, red when one of them is. */
  void addSources(SourcesPart sources) {
    groups.add(sources::states);
    inHealth.add(new Part("sources", sources::state));
  }

  /** Red while mass quarantines wait for a person. */
  void addOutages(OutageDecision outages) {
    add("quarantine", new OutageProbe(outages, clock));
  }

  /** Says so when failures reach nobody but who looks at the console. */
  void addDigest(DigestConfig digest) {
    if (digest.errorsTo().isEmpty()) {
      ComponentState off =
          new ComponentState(
              Phrase.of("part.errors-to.name"), Status.OFF, Phrase.of("part.errors-to.off"), null);
      add("errors-to", () -> off);
    }
  }

  /** Red as long as bounces are believed without proof. */
  void addTrust(BouncesConfig.Trust trust) {
    if (trust == BouncesConfig.Trust.UNSIGNED) {
      ComponentState red =
          new ComponentState(
              Phrase.of("part.trust.name"), Status.DOWN, Phrase.of("part.trust.down"), null);
      add("trust", () -> red);
    }
  }

  /** Says so on every page as long as the time is not the real one. */
  void addClock(SandboxClock clock) {
    add(
        "clock",
        () ->
            new ComponentState(
                Phrase.of("part.clock.name"),
                Status.UP,
                SandboxPart.clockSentence(clock.offset()),
                null));
    banners.add(
        () ->
            clock.offset().isZero()
                ? Optional.empty()
                : Optional.of(
                    Phrase.of("banner.clock", SandboxPart.clockSentence(clock.offset()))));
  }

  /**
   * Red from the first mail that could not be signed to the next that could.
   *
   * @param byRule whether rules of domains sign, also when the settings name no keys
   */
  void addSigner(MailSigner signer, BooleanSupplier byRule) {
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
                            Phrase.of("part.signing.down", fault.text()),
                            fault.since()))
                .orElseGet(
                    () ->
                        signer.hasKeys() || byRule.getAsBoolean()
                            ? new ComponentState(
                                SIGNING, Status.UP, Phrase.of("part.signing.up"), null)
                            : new ComponentState(
                                SIGNING, Status.OFF, Phrase.of("part.signing.off"), null)));
  }

  /** Says so on every page as long as mails do not go to their recipients. */
  void addTests(DeliveryConfig delivery) {
    if (delivery.smtpTest()) {
      warn(Phrase.of("banner.smtp-test"));
    } else if (!delivery.redirectTo().isEmpty()) {
      warn(Phrase.of("banner.redirect", delivery.redirectTo()));
    }
  }

  private void warn(Phrase test) {
    log.warn(test.english());
    banners.add(() -> Optional.of(test));
  }

  /** The way out; without a relay there is nothing that could be up or down as a whole. */
  void addRelay(RelayConfig relay, boolean sandbox, DeliveryModule delivery) {
    if (relay.host().equals(RelayConfig.DIRECT)) {
      Phrase name = Phrase.of("part.smtp.none");
      add("smtp", () -> new ComponentState(name, Status.OFF, Phrase.of("part.smtp.direct"), null));
      return;
    }
    Phrase name =
        Phrase.of(
            sandbox ? "part.smtp.sandbox" : "part.smtp.name", relay.host() + ":" + relay.port());
    add("smtp", new RelayProbe(name, delivery.relay(), delivery.queue(), clock));
  }

  /** The same for redirects of domain rules, which may change at any time. */
  void addRedirects(Supplier<Optional<Phrase>> redirects) {
    redirects.get().ifPresent(redirect -> log.warn(redirect.english()));
    banners.add(redirects);
  }

  void addMailbox(MailboxMonitor mailbox) {
    boolean imap = mailbox.protocol() == MailboxMonitor.Protocol.IMAP;
    Phrase name = Phrase.of(imap ? "part.imap.name" : "part.pop3.name", mailbox.account());
    add(imap ? "mailbox-imap" : "mailbox-pop3", () -> mailbox(name, mailbox.state()));
  }

  /** Puts each part into {@code /observe/health}. */
  void bindHealth(SimpleRegistry beans) {
    for (Part part : Stream.concat(parts.stream(), inHealth.stream()).toList()) {
      beans.bind(part.id() + "HealthCheck", new PartHealthCheck(part.id(), part.state()));
    }
  }

  @Override
  public List<ComponentState> components() {
    return Stream.concat(
            parts.stream().map(part -> part.state().get()),
            groups.stream().flatMap(group -> group.get().stream()))
        .toList();
  }

  @Override
  public List<Phrase> banners() {
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
    Phrase name = Phrase.of("part.reload.name");
    if (refused.isEmpty()) {
      return new ComponentState(name, Status.UP, Phrase.of("part.reload.up"), null);
    }
    Reloader.Refused first = refused.get(0);
    return new ComponentState(
        name,
        Status.DOWN,
        Phrase.of("part.reload.down", first.part(), first.faults().get(0).toString()),
        first.since());
  }

  private static ComponentState mailbox(Phrase name, MailboxMonitor.State state) {
    if (!state.enabled()) {
      return new ComponentState(name, Status.OFF, Phrase.of("part.mailbox.off"), null);
    }
    if (state.up()) {
      Phrase sentence = Phrase.of(state.since() == null ? "part.mailbox.new" : "part.mailbox.up");
      return new ComponentState(name, Status.UP, sentence, state.since());
    }
    return new ComponentState(
        name,
        Status.DOWN,
        Phrase.of("part.mailbox.down", String.valueOf(state.fault())),
        state.since());
  }
}
