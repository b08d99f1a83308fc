package dev.retour.domains;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The domains sending pauses to, for all sidecars on the database: begin, way up, end. */
public final class Suspensions {
  private static final Logger log = LoggerFactory.getLogger(Suspensions.class);
  static final Duration SLOT = Duration.ofMinutes(5);

  /** So that two sidecars never wait for each other. */
  private static final Comparator<TrafficStore.Bounced> BY_DOMAIN =
      Comparator.comparing(TrafficStore.Bounced::domain)
          .thenComparing(TrafficStore.Bounced::acceptedAt);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Domains domains;
  private final SuspensionStore store = new SuspensionStore();
  private final TrafficStore traffic = new TrafficStore();

  public Suspensions(Jdbi jdbi, InstantSource clock, Domains domains) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.domains = domains;
  }

  /** Those in force, oldest first. */
  public List<Suspension> list() {
    return jdbi.withHandle(store::all);
  }

  public Optional<Suspension> find(String domain) {
    return jdbi.withHandle(handle -> store.find(handle, key(domain)));
  }

  /** Those of some domains. */
  List<Suspension> of(Collection<String> names) {
    return jdbi.withHandle(handle -> store.of(handle, names));
  }

  /** What became of a domain, newest first. */
  public List<DomainEvent> history(String domain, int max) {
    return jdbi.withHandle(handle -> store.history(handle, key(domain), max));
  }

  /**
   * Messages and errors of a domain in the window of its rule.
   *
   * @return {messages, errors}
   */
  public Counted counted(String domain) {
    Instant from = windowOf(key(domain), clock.instant());
    return jdbi.withHandle(
        handle ->
            traffic.since(handle, List.of(key(domain)), from).stream()
                .findFirst()
                .map(count -> new Counted(count.messages(), count.errors()))
                .orElse(new Counted(0, 0)));
  }

  /** What was sent and refused lately. */
  public record Counted(long messages, long errors) {}

  /** A person pauses sending to a domain; one that pauses already does so as newly said. */
  public Suspension suspend(String domain, Duration pause, String by, String why) {
    Instant now = clock.instant();
    Suspension fresh = Suspension.by(by, key(domain), why, now, now.plus(pause));
    jdbi.useTransaction(
        handle -> {
          if (!store.begin(handle, fresh)) {
            store.put(handle, fresh);
          }
          store.note(handle, fresh.domain(), new DomainEvent(now, "suspended", why, by));
        });
    return fresh;
  }

  /**
   * A person ends the pause: a few probes go first, as after any pause.
   *
   * @return false when the domain was not suspended
   */
  public boolean resume(String domain, String by, String why) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> {
          Optional<Suspension> row =
              store.lock(handle, key(domain)).filter(each -> !each.isProbing());
          if (row.isEmpty() || !row.get().until().isAfter(now)) {
            return false;
          }
          Suspension old = row.get();
          store.put(
              handle,
              Suspension.by(old.decidedBy(), old.domain(), old.because(), old.since(), now));
          traffic.forget(handle, old.domain());
          store.note(handle, old.domain(), new DomainEvent(now, "resumed", why, by));
          return true;
        });
  }

  /** Decides about one mail of a domain that has a row; the row is locked meanwhile. */
  Suspension.Asked ask(String domain) {
    Instant now = clock.instant();
    SuspensionPolicy policy = domains.rules().ruleFor(domain).suspension();
    return jdbi.inTransaction(
        handle -> {
          Optional<Suspension> row = store.lock(handle, domain);
          if (row.isEmpty()) {
            return new Suspension.Asked.Over();
          }
          Suspension.Asked asked = row.get().asked(policy, now);
          if (asked instanceof Suspension.Asked.Go go) {
            store.put(handle, go.next());
          } else if (asked instanceof Suspension.Asked.Later later) {
            store.put(handle, later.next());
          } else if (asked instanceof Suspension.Asked.Relapse relapse) {
            store.put(handle, relapse.next());
            began(handle, relapse.next());
          } else {
            store.end(handle, domain);
            recovered(handle, domain, now);
          }
          return asked;
        });
  }

  /**
   * Stores what was counted and pauses domains that refuse too much, at once or by bounces.
   *
   * @return those in force now, by domain
   */
  Map<String, Suspension> count(
      Map<String, TrafficStore.Count> counts, Map<TrafficStore.Bounced, Long> bounced) {
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> {
          Set<String> failing = new TreeSet<>();
          if (!counts.isEmpty()) {
            answered(handle, counts, now);
            counts.values().stream()
                .filter(count -> count.errors() > 0)
                .forEach(count -> failing.add(count.domain()));
          }
          bounced.keySet().stream()
              .sorted(BY_DOMAIN)
              .forEach(
                  mails -> {
                    long count = bounced.getOrDefault(mails, 0L);
                    traffic.bounced(handle, mails, count);
                    store.bounced(handle, mails, count);
                    failing.add(mails.domain());
                  });
          suspendBad(handle, failing, now);
          return store.all(handle).stream()
              .collect(Collectors.toMap(Suspension::domain, row -> row));
        });
  }

  private void answered(Handle handle, Map<String, TrafficStore.Count> counts, Instant now) {
    traffic.add(handle, slotOf(now), counts);
    new TreeMap<>(counts)
        .forEach(
            (domain, count) ->
                store.answered(handle, domain, count.messages() - count.errors(), count.errors()));
  }

  /** Forgets counts, suspensions nobody asked about for a day, and old history. */
  int clean(Instant before, Instant historyBefore) {
    return jdbi.inTransaction(
        handle ->
            traffic.clean(handle, before)
                + store.clean(handle, before)
                + store.cleanHistory(handle, historyBefore));
  }

  private void suspendBad(Handle handle, Set<String> failing, Instant now) {
    Map<Duration, List<String>> byWindow = new TreeMap<>();
    for (String domain : failing) {
      byWindow.computeIfAbsent(policy(domain).window(), window -> new ArrayList<>()).add(domain);
    }
    byWindow.forEach(
        (window, names) ->
            traffic.since(handle, names, slotOf(now).minus(window)).stream()
                .filter(
                    sum ->
                        sum.messages() >= policy(sum.domain()).messages()
                            && policy(sum.domain()).isBad(sum.messages(), sum.errors()))
                .forEach(sum -> suspend(handle, sum, window, now)));
  }

  private void suspend(Handle handle, TrafficStore.Count sum, Duration window, Instant now) {
    Suspension fresh =
        Suspension.by(
            Suspension.BY_TRAFFIC,
            sum.domain(),
            sum.errors()
                + " of "
                + sum.messages()
                + " mails of the last "
                + window.toMinutes()
                + " minutes were refused or came back.",
            now,
            now.plus(policy(sum.domain()).pause()));
    if (store.begin(handle, fresh)) {
      began(handle, fresh);
    }
  }

  private void began(Handle handle, Suspension fresh) {
    traffic.forget(handle, fresh.domain());
    store.note(
        handle,
        fresh.domain(),
        new DomainEvent(fresh.since(), "suspended", fresh.because(), fresh.decidedBy()));
    log.warn(
        "Sending to {} pauses until {}: {} Its mails wait and go out by themselves later.",
        fresh.domain(),
        fresh.until(),
        fresh.because());
  }

  private void recovered(Handle handle, String domain, Instant now) {
    traffic.forget(handle, domain);
    store.note(
        handle,
        domain,
        new DomainEvent(now, "recovered", "Mails are accepted again.", Suspension.BY_TRAFFIC));
    log.info("Sending to {} is free again.", domain);
  }

  private SuspensionPolicy policy(String domain) {
    return domains.rules().ruleFor(domain).suspension();
  }

  private Instant windowOf(String domain, Instant now) {
    return slotOf(now).minus(policy(domain).window());
  }

  private static String key(String domain) {
    return domain.toLowerCase(Locale.ROOT);
  }

  static Instant slotOf(Instant now) {
    return Instant.ofEpochSecond(now.getEpochSecond() / SLOT.toSeconds() * SLOT.toSeconds());
  }
}
