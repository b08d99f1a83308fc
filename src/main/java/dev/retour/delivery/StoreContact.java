package dev.retour.delivery;

import dev.retour.store.StoreFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when the database was away. While it is, nobody can renew a lease: when it is back, each
 * sidecar gets the time of a lease to do so before others take it for dead.
 */
final class StoreContact {
  private static final Logger log = LoggerFactory.getLogger(StoreContact.class);

  private final InstantSource clock;
  private boolean away;
  private @Nullable Instant backSince;

  StoreContact(InstantSource clock) {
    this.clock = clock;
  }

  /** Works on the database; a fault of it is noted and passed on. */
  <T> T watched(Supplier<T> work) {
    try {
      T result = work.get();
      answers();
      return result;
    } catch (JdbiException e) {
      if (StoreFault.isAway(e)) {
        fails();
      }
      throw e;
    }
  }

  /** True when the database came back less than so long ago. */
  synchronized boolean isBackFor(Duration lessThan) {
    return backSince != null && clock.instant().isBefore(backSince.plus(lessThan));
  }

  private synchronized void answers() {
    if (away) {
      away = false;
      backSince = clock.instant();
      log.info("The database answers again; sending goes on.");
    }
  }

  private synchronized void fails() {
    if (!away) {
      away = true;
      log.warn("The database does not answer; sending pauses until it does.");
    }
  }
}
