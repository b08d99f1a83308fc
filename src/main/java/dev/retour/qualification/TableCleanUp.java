package dev.retour.qualification;

import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the qualification table from growing without end; run daily. */
public final class TableCleanUp {
  private static final Logger log = LoggerFactory.getLogger(TableCleanUp.class);

  private final Jdbi jdbi;
  private final QualificationTable table;
  private final Duration after;

  TableCleanUp(Jdbi jdbi, QualificationTable table, Duration after) {
    this.jdbi = jdbi;
    this.table = table;
    this.after = after;
  }

  /** Deletes kinds of text nobody classified and nobody said for long; how many. */
  public int forget() {
    int forgotten = jdbi.inTransaction(handle -> table.forget(handle, after));
    if (forgotten > 0) {
      log.info("{} kinds of failure text not met for {} were forgotten.", forgotten, after);
    }
    return forgotten;
  }
}
