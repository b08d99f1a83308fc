package dev.retour.domains;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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
  private final Map<String, TrafficStore.Count> unstored = new ConcurrentHashMap<>();
  private final Map<TrafficStore.Bounced, Long> bounced = new ConcurrentHashMap<>();
  private volatile Map<String, Suspension> inForce = Map.of();
  private volatile boolean asked;

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
  public Optional<Route> mailbox(String domain) {
    return routing.mailbox(domain);
  }

  @Override
  public List<Route> mailboxes() {
    return routing.mailboxes();
  }

  /** From the database only those whose pause is over: what they may get changes with each mail. */
  @Override
  public Map<String, Suspended> suspended() {
    if (!asked) {
      flush(); // a sidecar that just started does not know yet
    }
    Map<String, Suspension> known = inForce;
    if (known.isEmpty()) {
      return Map.of();
    }
    Instant now = clock.instant();
    Map<String, Suspension> fresh = new HashMap<>(known);
    List<String> beginning =
        known.values().stream()
            .filter(each -> each.isProbing() || !now.isBefore(each.until()))
            .map(Suspension::domain)
            .toList();
    if (!beginning.isEmpty()) {
      beginning.forEach(fresh::remove);
      suspensions.of(beginning).forEach(each -> fresh.put(each.domain(), each));
    }
    Map<String, Suspended> suspended = new HashMap<>();
    fresh.forEach(
        (domain, each) ->
            suspended.put(
                domain,
                new Suspended(
                    each.room(domains.rules().ruleFor(domain).suspension(), now),
                    each.isProbing() || !now.isBefore(each.until()),
                    why(each))));
    return suspended;
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

  @Override
  public void bounced(String domain, Instant acceptedAt) {
    TrafficStore.Bounced mail =
        new TrafficStore.Bounced(domain, acceptedAt.truncatedTo(ChronoUnit.SECONDS));
    if (bounced.size() < UNSTORED_MAX || bounced.containsKey(mail)) {
      bounced.merge(mail, 1L, Long::sum);
    }
  }

  /** Stores what was counted since the last call, and learns what the others decided. */
  public void flush() {
    Map<String, TrafficStore.Count> counts = taken(unstored);
    Map<TrafficStore.Bounced, Long> cameBack = taken(bounced);
    try {
      inForce = suspensions.count(counts, cameBack);
      asked = true;
    } catch (RuntimeException e) {
      counts.forEach((domain, count) -> unstored.merge(domain, count, CountedTraffic::sum));
      cameBack.forEach((mail, count) -> bounced.merge(mail, count, Long::sum));
      throw e;
    }
    limits.renew();
  }

  /** Forgets what no window reaches any more. */
  public void clean() {
    Instant before = clock.instant().minus(KEPT);
    int rows =
        suspensions.clean(before, clock.instant().minus(HISTORY_KEPT)) + limits.clean(before);
    log.info("Forgot {} rows about the traffic of domains.", rows);
  }

  private static <K, V> Map<K, V> taken(Map<K, V> from) {
    Map<K, V> taken = new HashMap<>();
    for (K key : Set.copyOf(from.keySet())) {
      V value = from.remove(key);
      if (value != null) {
        taken.put(key, value);
      }
    }
    return taken;
  }

  private Optional<Admission.Wait> paused(String domain) {
    Suspension known = inForce.get(domain);
    if (known == null) {
      return Optional.empty();
    }
    if (!known.isProbing() && clock.instant().isBefore(known.until())) {
      return Optional.of(wait(known, known.until())); // the database need not be asked
    }
    Suspension.Asked asked = suspensions.ask(domain);
    if (asked instanceof Suspension.Asked.Later later) {
      return Optional.of(wait(later.next(), later.until()));
    }
    if (asked instanceof Suspension.Asked.Relapse relapse) {
      return Optional.of(wait(relapse.next(), relapse.next().until()));
    }
    return Optional.empty();
  }

  private static Admission.Wait wait(Suspension suspension, Instant until) {
    return new Admission.Wait(until, true, why(suspension));
  }

  private static String why(Suspension suspension) {
    return suspension.isProbing()
        ? "Waits its turn: after a pause, sending to " + suspension.domain() + " begins slowly."
        : "Waits: sending to "
            + suspension.domain()
            + " pauses until "
            + suspension.until()
            + ". "
            + suspension.because();
  }

  private static TrafficStore.Count sum(TrafficStore.Count one, TrafficStore.Count other) {
    return new TrafficStore.Count(
        one.domain(), one.messages() + other.messages(), one.errors() + other.errors());
  }
}
