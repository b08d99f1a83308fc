package dev.retour.domains;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The traffic of this sidecar, counted together with that of the others. */
public final class CountedTraffic implements DomainTraffic {
  private static final Logger log = LoggerFactory.getLogger(CountedTraffic.class);

  /** More domains than this are not counted while the database does not answer. */
  private static final int UNSTORED_MAX = 50_000;

  private static final Duration KEPT = Duration.ofDays(2);
  private static final Duration HISTORY_KEPT = Duration.ofDays(180);

  private final InstantSource clock;
  private final Domains domains;
  private final Routing routing;
  private final Suspensions suspensions;
  private final MxLimits limits;
  private final Spread spread = new Spread();
  private final Map<String, TrafficStore.Count> unstored = new ConcurrentHashMap<>();
  private volatile Map<String, Suspension> inForce = Map.of();

  CountedTraffic(
      InstantSource clock,
      Domains domains,
      Routing routing,
      Suspensions suspensions,
      MxLimits limits) {
    this.clock = clock;
    this.domains = domains;
    this.routing = routing;
    this.suspensions = suspensions;
    this.limits = limits;
  }

  @Override
  public Admission admit(String domain) {
    Optional<Admission.Wait> paused = paused(domain);
    if (paused.isPresent()) {
      return paused.get();
    }
    Route route = routing.route(domain);
    return route instanceof Route.Direct direct
        ? admit(domain, direct, direct.hops().get(0))
        : new Admission.Go(route);
  }

  @Override
  public Admission admit(String domain, Route.Direct route, Hop next) {
    Optional<Instant> until = limits.message(next);
    return until.isEmpty()
        ? new Admission.Go(route)
        : new Admission.Wait(
            until.get(),
            false,
            "Waits its turn: "
                + next.host()
                + " gets "
                + next.rule().messagesPerHour()
                + " mails an hour.");
  }

  @Override
  public Admission connect(Hop hop) {
    Optional<Instant> until = limits.connect(hop);
    return until.isEmpty()
        ? new Admission.Go(new Route.Direct(List.of(hop)))
        : new Admission.Wait(
            until.get(),
            false,
            "Waits its turn: "
                + hop.host()
                + " gets "
                + hop.rule().connections()
                + " connections at a time.");
  }

  @Override
  public void disconnected(Hop hop) {
    limits.disconnected(hop);
  }

  @Override
  public Optional<String> redirect(String domain) {
    return Optional.ofNullable(domains.rules().ruleFor(domain).redirect());
  }

  @Override
  public Via via(String domain) {
    return routing.via(domain);
  }

  @Override
  public boolean hasOneWay() {
    return routing.hasOneWay();
  }

  @Override
  public void result(String domain, Outcome outcome) {
    if (unstored.size() >= UNSTORED_MAX && !unstored.containsKey(domain)) {
      return;
    }
    unstored.merge(
        domain,
        new TrafficStore.Count(domain, 1, outcome == Outcome.REFUSED ? 1 : 0),
        CountedTraffic::sum);
  }

  /** Stores what was counted since the last call, and learns what the others decided. */
  public void flush() {
    Map<String, TrafficStore.Count> counts = new HashMap<>();
    for (String domain : Set.copyOf(unstored.keySet())) {
      TrafficStore.Count count = unstored.remove(domain);
      if (count != null) {
        counts.put(domain, count);
      }
    }
    try {
      inForce = suspensions.count(counts);
      limits.renew();
    } catch (RuntimeException e) {
      counts.forEach((domain, count) -> unstored.merge(domain, count, CountedTraffic::sum));
      throw e;
    }
  }

  /** Forgets what no window reaches any more. */
  public void clean() {
    Instant before = clock.instant().minus(KEPT);
    int rows =
        suspensions.clean(before, clock.instant().minus(HISTORY_KEPT)) + limits.clean(before);
    log.info("Forgot {} rows about the traffic of domains.", rows);
  }

  private Optional<Admission.Wait> paused(String domain) {
    Suspension known = inForce.get(domain);
    if (known == null) {
      return Optional.empty();
    }
    SuspensionPolicy policy = domains.rules().ruleFor(domain).suspension();
    if (!known.isProbing() && clock.instant().isBefore(known.until())) {
      return Optional.of(wait(known, known.until(), policy)); // the database need not be asked
    }
    Suspension.Asked asked = suspensions.ask(domain);
    if (asked instanceof Suspension.Asked.Later later) {
      return Optional.of(wait(later.next(), later.until(), policy));
    }
    if (asked instanceof Suspension.Asked.Relapse relapse) {
      return Optional.of(wait(relapse.next(), relapse.next().until(), policy));
    }
    return Optional.empty();
  }

  private Admission.Wait wait(Suspension suspension, Instant until, SuspensionPolicy policy) {
    return new Admission.Wait(
        spread.place(suspension.domain(), until, policy.gap()),
        true,
        suspension.isProbing()
            ? "Waits its turn: after a pause, sending to " + suspension.domain() + " begins slowly."
            : "Waits: sending to "
                + suspension.domain()
                + " pauses until "
                + suspension.until()
                + ". "
                + suspension.because());
  }

  private static TrafficStore.Count sum(TrafficStore.Count one, TrafficStore.Count other) {
    return new TrafficStore.Count(
        one.domain(), one.messages() + other.messages(), one.errors() + other.errors());
  }
}
