package dev.retour.quarantine;

import dev.retour.qualification.QualificationTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a provider's outage from addresses that are really gone: when one text newly bars more than
 * a number or a share of the addresses of one domain within minutes, further decisions are held and
 * a person is asked. (On 26 April 2021 a large provider answered "no such user" for hours, spec
 * B5.)
 *
 * <p>Held means: the address stays open, the decision is kept. A person either has it carried out
 * or has it dropped, together with those that came before the suspicion ({@link OutageDecision}).
 */
final class OutageGuard {
  private static final Logger log = LoggerFactory.getLogger(OutageGuard.class);

  /** A person's word that such failures are real holds so long. */
  private static final Duration CONFIRMED_FOR = Duration.ofHours(24);

  private static final Duration REACH_OVER = Duration.ofDays(30);
  private static final Duration REACH_KEPT = Duration.ofMinutes(10);
  private static final int REACHES_MAX = 1_000;
  private static final int TEXT_CHARS_MAX = 1_000;

  private final QuarantineConfig.OutageLimits limits;
  private final InstantSource clock;
  private final DomainReach reach;
  private final OutageStore store = new OutageStore();
  private final Map<String, Known> reaches = new ConcurrentHashMap<>();

  private record Known(long addresses, Instant at) {}

  OutageGuard(QuarantineConfig.OutageLimits limits, InstantSource clock, DomainReach reach) {
    this.limits = limits;
    this.clock = clock;
    this.reach = reach;
  }

  /**
   * Looks at an address that is about to be quarantined.
   *
   * @return why the decision is held, as a sentence; empty when it may be carried out
   */
  Optional<String> hold(Handle handle, String domain, AddressFailure failure) {
    if (failure.cause() != Cause.SMTP_REPLY && failure.cause() != Cause.BOUNCE) {
      return Optional.empty();
    }
    OutageStore.Kind kind =
        new OutageStore.Kind(domain, QualificationTable.keySha256(failure.text()));
    Instant now = clock.instant();
    Optional<Long> outage = store.open(handle, kind);
    if (outage.isEmpty()) {
      outage = suspect(handle, kind, failure, now);
    }
    if (outage.isEmpty()) {
      store.insertHit(handle, kind, failure.addressKey(), now);
      return Optional.empty();
    }
    store.hold(
        handle, outage.get(), failure, FailureRules.bounded(failure.text(), TEXT_CHARS_MAX), now);
    return Optional.of(
        "Held, not quarantined: this looks like an outage of "
            + domain
            + "; a person decides (./retour quarantine held, number "
            + outage.get()
            + ").");
  }

  private Optional<Long> suspect(
      Handle handle, OutageStore.Kind kind, AddressFailure failure, Instant now) {
    Instant from = now.minus(limits.window());
    long hits = store.hits(handle, kind, from) + 1;
    String because = because(handle, kind.domain(), hits, now);
    if (because == null || store.isConfirmed(handle, kind, now.minus(CONFIRMED_FOR))) {
      return Optional.empty();
    }
    String text =
        FailureRules.bounded(QualificationTable.normalised(failure.text()), TEXT_CHARS_MAX);
    long id = store.insert(handle, kind, text, because, from, now);
    log.warn(
        "Quarantine of addresses of {} is held, number {}: {} See ./retour quarantine held.",
        kind.domain(),
        id,
        because);
    return Optional.of(id);
  }

  private @Nullable String because(Handle handle, String domain, long hits, Instant now) {
    String within = " within " + limits.window().toMinutes() + " minutes.";
    if (hits > limits.addresses()) {
      return hits + " addresses failed with the same text" + within;
    }
    if (hits < limits.shareFrom()) {
      return null;
    }
    long addresses = reached(handle, domain, now);
    return hits * 100 > addresses * limits.sharePercent() && addresses > 0
        ? hits
            + " of the "
            + addresses
            + " addresses written to lately failed with the same text"
            + within
        : null;
  }

  /** Counting takes long for a large domain, and an outage asks again and again. */
  private long reached(Handle handle, String domain, Instant now) {
    Known known = reaches.get(domain);
    if (known == null || known.at().isBefore(now.minus(REACH_KEPT))) {
      if (reaches.size() >= REACHES_MAX) {
        reaches.clear();
      }
      known = new Known(reach.addresses(handle, domain, now.minus(REACH_OVER)), now);
      reaches.put(domain, known);
    }
    return known.addresses();
  }
}
