package dev.retour.delivery;

import dev.retour.config.Settings;
import dev.retour.domains.DomainTraffic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** A queue nobody sends from, which writes down some facts for the ERP. */
public final class TellingQueue {
  private TellingQueue() {}

  /** Tells these. */
  public static Queue of(Jdbi jdbi, InstantSource clock, Set<Fact> wanted) {
    return new Queue(
        jdbi,
        clock,
        DeliveryConfig.from(Settings.of(Map.of())),
        new QueueTerms(
            null,
            () -> Pauses.NONE,
            clock,
            new Facts(wanted, Duration.ofDays(5), ""),
            DomainTraffic.unlimited()));
  }
}
