package dev.retour.delivery;

import dev.retour.domains.DomainTraffic;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What else decides about sending.
 *
 * @param redelivery null: every package is due at once
 * @param pauses what nothing is claimed for at the moment
 * @param leaseClock real time, whatever the clock of the sandbox says: a jump of that one must not
 *     make packages in the air look abandoned
 * @param facts what the ERP is told
 * @param traffic is told what came back
 */
record QueueTerms(
    @Nullable Redelivery redelivery,
    Supplier<Pauses> pauses,
    InstantSource leaseClock,
    Facts facts,
    DomainTraffic traffic) {

  /** Everything is due at once, and nothing ever pauses. */
  static QueueTerms plain(InstantSource clock) {
    return new QueueTerms(null, () -> Pauses.NONE, clock, Facts.NONE, DomainTraffic.unlimited());
  }
}
