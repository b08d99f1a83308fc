package dev.retour.quarantine;

import dev.retour.qualification.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daily clean-up of addresses (spec B5, B13, E2.8): three tasks that know nothing of each
 * other, so that one that fails keeps none of the others from running. Each works in batches, a
 * transaction each.
 */
public final class AddressCleanUp {
  private static final Logger log = LoggerFactory.getLogger(AddressCleanUp.class);
  private static final int BATCH = 500;

  /** Longer than any outage stays undecided, we hope; a late release frees nobody barred before. */
  private static final Duration HITS_KEPT = Duration.ofDays(30);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final QuarantineConfig config;
  private final AddressBook book;
  private final AddressStore addresses = new AddressStore();

  AddressCleanUp(Jdbi jdbi, InstantSource clock, QuarantineConfig config, AddressBook book) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.config = config;
    this.book = book;
  }

  /** Addresses with errors that had none for long enough become valid; how many. */
  public int forgetErrors() {
    Instant before = clock.instant().minus(config.restartAfter());
    return told(
        "{} addresses with errors had none for long enough and are valid again.",
        release(handle -> addresses.lockForgiven(handle, before, BATCH)));
  }

  /**
   * Addresses whose mailbox was full long ago are tried again, counted or quarantined; how many.
   */
  public int releaseFullMailboxes() {
    Instant before = clock.instant().minus(config.mailboxFullReleaseAfter());
    int full = Reason.MAILBOX_FULL.code();
    return told(
        "{} addresses whose mailbox was full are tried again.",
        release(handle -> addresses.lockFull(handle, full, before, BATCH)));
  }

  /** Rows of valid addresses are deleted, their history stays; how many. */
  public int removeValid() {
    return told("{} rows of valid addresses removed.", jdbi.inTransaction(addresses::deleteValid));
  }

  /** What the outage guard and the daily limits no longer look at goes; how many rows. */
  public int forgetHits() {
    Instant before = clock.instant().minus(HITS_KEPT);
    LocalDate day = LocalDate.ofInstant(before, ZoneOffset.UTC);
    return jdbi.inTransaction(
        handle ->
            new OutageStore().deleteHits(handle, before) + new LimitStore().forget(handle, day));
  }

  private int release(Function<Handle, List<AddressEntry>> lockDue) {
    int released = 0;
    int batch;
    do {
      batch =
          jdbi.inTransaction(
              handle -> {
                List<AddressEntry> due = lockDue.apply(handle);
                due.forEach(row -> book.release(handle, row, Cause.CLEAN_UP, null));
                return due.size();
              });
      released += batch;
    } while (batch == BATCH);
    return released;
  }

  private static int told(String sentence, int count) {
    if (count > 0) {
      log.info(sentence, count);
    }
    return count;
  }
}
