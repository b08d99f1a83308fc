package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.console.Phrase;
import dev.retour.delivery.DeliveryModule;
import dev.retour.delivery.RelayConfig;
import dev.retour.delivery.RelayMonitor;
import dev.retour.domains.DomainRule;
import dev.retour.domains.DomainTraffic;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.Suspension;
import dev.retour.domains.Suspensions;
import dev.retour.mail.SigningRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Domain and MX rules in the running process: loaded, watched, in force, shown. */
final class DomainsPart {
  private static final Logger log = LoggerFactory.getLogger(DomainsPart.class);
  private static final Phrase NAME = Phrase.of("part.domains.name");
  private static final Duration ASK_EVERY = Duration.ofSeconds(2);
  private static final int COUNT_MAX = 10_000;

  private final DomainsConfig config;
  private final Domains domains;
  private final DomainsModule.WayOut wayOut;
  private final Set<Path> watchedKeys = ConcurrentHashMap.newKeySet();

  private DomainsPart(DomainsConfig config, Domains domains, DomainsModule.WayOut wayOut) {
    this.config = config;
    this.domains = domains;
    this.wayOut = wayOut;
  }

  /**
   * Reads the rules.
   *
   * @throws dev.retour.domains.DomainRulesException with every fault
   */
  static DomainsPart load(Settings settings, boolean sandbox) {
    DomainsConfig config = DomainsConfig.from(settings);
    boolean direct = RelayConfig.from(settings).host().equals(RelayConfig.DIRECT);
    return new DomainsPart(
        config,
        DomainsModule.load(config, System.getenv()),
        sandbox
            ? DomainsModule.WayOut.SANDBOX
            : direct ? DomainsModule.WayOut.DIRECT : DomainsModule.WayOut.RELAY);
  }

  /** How mails are signed, by the domain they go to. */
  SigningRules signing() {
    return domains;
  }

  /** Whether some of them are signed by keys of their own. */
  boolean signByRule() {
    return domains.rules().rules().stream()
        .map(DomainRule::signing)
        .anyMatch(
            wish -> !wish.equals(SigningRules.Wish.AS_SET) && !wish.equals(SigningRules.Wish.NONE));
  }

  /** What every page says as long as mails to some domains go to one address instead. */
  Optional<Phrase> redirects() {
    String redirects =
        domains.rules().rules().stream()
            .filter(rule -> rule.redirect() != null)
            .map(rule -> String.join(", ", rule.masks()) + " → " + rule.redirect())
            .collect(Collectors.joining("; "));
    return redirects.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Phrase.of(
                "banner.redirects", redirects, String.valueOf(config.domainRules().getFileName())));
  }

  void watch(Reloader reloader) {
    reloader.watch(
        config.domainRules(), RulesReload.domains(config, domains, () -> watchKeys(reloader)));
    watchKeys(reloader);
    reloader.watch(config.mxRules(), RulesReload.mx(config, domains));
  }

  /** A key file that changes makes the rules be read anew: they hold the keys. */
  private void watchKeys(Reloader reloader) {
    for (Path file : domains.rules().keyFiles()) {
      if (watchedKeys.add(file)) {
        reloader.watch(file, RulesReload.domains(config, domains, () -> watchKeys(reloader)));
      }
    }
  }

  /** Puts the rules in force. */
  DomainTraffic start(SimpleRegistry beans, Jdbi jdbi, InstantSource clock, String node) {
    DomainsModule module =
        new DomainsModule(config, domains, new DomainsModule.Needs(jdbi, clock, node, wayOut));
    module.bind(beans);
    return module.traffic();
  }

  /** What the console and health show. */
  Supplier<ComponentState> state(Jdbi jdbi, InstantSource clock, DeliveryModule delivery) {
    return new Probe(new Suspensions(jdbi, clock, domains), clock, delivery);
  }

  /** Asks the database at most every two seconds; what it does not tell is no news. */
  private static final class Probe implements Supplier<ComponentState> {
    private final Suspensions suspensions;
    private final InstantSource clock;
    private final DeliveryModule delivery;
    private @Nullable Instant askedAt;
    private ComponentState last =
        new ComponentState(NAME, Status.UP, Phrase.of("part.unasked"), null);

    Probe(Suspensions suspensions, InstantSource clock, DeliveryModule delivery) {
      this.suspensions = suspensions;
      this.clock = clock;
      this.delivery = delivery;
    }

    @Override
    public synchronized ComponentState get() {
      Instant now = clock.instant();
      if (askedAt == null || !now.isBefore(askedAt.plus(ASK_EVERY))) {
        askedAt = now;
        try {
          last = ask();
        } catch (RuntimeException e) {
          log.debug("The suspended domains are not known: the database does not answer.", e);
        }
      }
      return last;
    }

    private ComponentState ask() {
      List<RelayMonitor> paused =
          delivery.domainRelays().stream().filter(relay -> !relay.state().up()).toList();
      return paused.isEmpty() ? shown(suspensions.list()) : shown(paused.get(0), paused.size() - 1);
    }

    private ComponentState shown(RelayMonitor mailbox, int others) {
      RelayMonitor.State state = mailbox.state();
      int waiting = delivery.queue().waitingFor(mailbox, COUNT_MAX);
      return new ComponentState(
          NAME,
          Status.DOWN,
          Phrase.of(
              "part.domains.relay",
              mailbox.mailbox(),
              String.valueOf(state.fault()),
              Phrase.of(waiting >= COUNT_MAX ? "part.smtp.many" : "part.smtp.waiting", waiting),
              Phrase.of("part.domains.relays", others)),
          state.since());
    }

    /** Red while the traffic decided; a pause by a person, or its end, is no trouble. */
    private static ComponentState shown(List<Suspension> all) {
      List<Suspension> byTraffic =
          all.stream().filter(each -> each.isByTraffic() && !each.isProbing()).toList();
      if (!byTraffic.isEmpty()) {
        Suspension first = byTraffic.get(0);
        return new ComponentState(
            NAME,
            Status.DOWN,
            Phrase.of(
                "part.domains.suspended",
                first.domain(),
                first.until(),
                first.because(),
                more(byTraffic.size() - 1)),
            first.since());
      }
      if (all.isEmpty()) {
        return new ComponentState(NAME, Status.UP, Phrase.of("part.domains.up"), null);
      }
      Suspension first = all.get(0);
      return new ComponentState(
          NAME,
          Status.UP,
          first.isProbing()
              ? Phrase.of("part.domains.probing", first.domain(), more(all.size() - 1))
              : Phrase.of(
                  "part.domains.asked", first.domain(), first.until(), more(all.size() - 1)),
          first.since());
    }

    private static Phrase more(int others) {
      return Phrase.of("part.domains.more", others);
    }
  }
}
