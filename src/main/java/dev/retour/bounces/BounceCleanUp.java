package dev.retour.bounces;

import java.time.InstantSource;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what is kept of old bounces; run daily, in batches. */
public final class BounceCleanUp {
  private static final Logger log = LoggerFactory.getLogger(BounceCleanUp.class);
  private static final int BATCH = 500;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final BouncesConfig.Retention retention;
  private final BounceStore store = new BounceStore();

  BounceCleanUp(Jdbi jdbi, InstantSource clock, BouncesConfig.Retention retention) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.retention = retention;
  }

  /** Drops the bytes of old mails; what was decided about them stays. How many. */
  public int dropRawMails() {
    var before = clock.instant().minus(retention.rawMails());
    return batches(
        "{} old mails were dropped; their decisions stay.",
        () -> jdbi.inTransaction(handle -> store.dropRaw(handle, before, BATCH)));
  }

  /** Deletes old bounces with their decisions; the history of the addresses stays. How many. */
  public int deleteOld() {
    var before = clock.instant().minus(retention.decisions());
    return batches(
        "{} old bounces were deleted.",
        () -> jdbi.inTransaction(handle -> store.deleteOld(handle, before, BATCH)));
  }

  private static int batches(String sentence, java.util.function.IntSupplier once) {
    int total = 0;
    int batch;
    do {
      batch = once.getAsInt();
      total += batch;
    } while (batch == BATCH);
    if (total > 0) {
      log.info(sentence, total);
    }
    return total;
  }
}
