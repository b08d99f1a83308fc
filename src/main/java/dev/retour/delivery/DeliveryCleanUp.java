package dev.retour.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what the queue keeps of settled packages; run daily, a transaction a page. What is open, in
 * error and not acknowledged, or uncertain stays, however old it is.
 */
public final class DeliveryCleanUp {
  private static final Logger log = LoggerFactory.getLogger(DeliveryCleanUp.class);
  private static final int PAGE = 500;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final RetentionConfig retention;
  private final SettledStore store = new SettledStore();
  private final SendGuardStore guard = new SendGuardStore();

  public DeliveryCleanUp(Jdbi jdbi, InstantSource clock, RetentionConfig retention) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.retention = retention;
  }

  /**
   * Drops the bytes of old mails that were sent, expired or were cancelled; what became of them
   * stays, and a bounce still finds them. How many.
   */
  public int dropRawMails() {
    Instant before = clock.instant().minus(retention.rawMails());
    int dropped =
        pages(
            after -> jdbi.withHandle(handle -> store.mails(handle, after, PAGE, before)),
            ids -> jdbi.inTransaction(handle -> store.dropRaw(handle, ids, before)));
    if (dropped > 0) {
      log.info("The bytes of {} settled mails were dropped; what became of them stays.", dropped);
    }
    return dropped;
  }

  /** Removes settled packages that belong to no event: callbacks and digests. How many. */
  public int removeCallbacksAndDigests() {
    Instant before = before();
    int removed =
        pages(
            after -> jdbi.withHandle(handle -> store.packages(handle, after, PAGE, before)),
            ids -> jdbi.inTransaction(handle -> removeAlone(handle, ids, before)));
    if (removed > 0) {
      log.info("{} settled callbacks and digests were removed.", removed);
    }
    return removed;
  }

  /** How many mails {@link #dropRawMails} would take the bytes of. */
  public long mailsDue() {
    Instant before = clock.instant().minus(retention.rawMails());
    return jdbi.withHandle(handle -> store.countMails(handle, before));
  }

  /** How many packages {@link #removeCallbacksAndDigests} would remove. */
  public long callbacksAndDigestsDue() {
    return jdbi.withHandle(handle -> store.countAlone(handle, before()));
  }

  /** What was changed before this is old. */
  public Instant before() {
    return clock.instant().minus(retention.packages());
  }

  /**
   * The same for what is kept for a time of its own; a bounce still finds its package.
   *
   * @param linked whether its mails carry a link to unsubscribe, which still finds them, too
   */
  public Instant before(Duration own, boolean linked) {
    Duration links = linked ? retention.links() : Duration.ZERO;
    Duration least = links.compareTo(retention.least()) > 0 ? links : retention.least();
    return clock.instant().minus(own.compareTo(least) < 0 ? least : own);
  }

  /**
   * Removes the packages of events, in the caller's transaction, with all they have: attempts,
   * logs, mails, and the guard of their documents. An event goes as a whole or stays as a whole: as
   * long as the guard knows a document, it can say what became of it.
   *
   * @return the events nothing of which is left
   */
  public Set<UUID> removeOf(Handle handle, Collection<UUID> events, Instant before) {
    Set<UUID> over = over(handle, events, before);
    store.delete(handle, store.ofEvents(handle, over));
    guard.forget(handle, over);
    return over;
  }

  /** Which of these events may go; their packages are locked until the transaction ends. */
  public Set<UUID> over(Handle handle, Collection<UUID> events, Instant before) {
    Set<UUID> over = new HashSet<>(events);
    over.removeAll(
        store.unsettled(handle, events, before, clock.instant().minus(retention.links())));
    return over;
  }

  private int removeAlone(Handle handle, List<Long> ids, Instant before) {
    List<Long> over = store.lockAlone(handle, ids, before);
    store.delete(handle, over);
    return over.size();
  }

  private static int pages(
      Function<Long, List<SettledStore.Looked>> look, Function<List<Long>, Integer> end) {
    int total = 0;
    long after = 0;
    List<SettledStore.Looked> page;
    do {
      page = look.apply(after);
      List<Long> ids =
          page.stream()
              .filter(each -> !each.young() && each.candidate())
              .map(SettledStore.Looked::id)
              .toList();
      total += ids.isEmpty() ? 0 : end.apply(ids);
      after = page.isEmpty() ? after : page.get(page.size() - 1).id();
    } while (page.size() == PAGE && page.stream().noneMatch(SettledStore.Looked::young));
    return total;
  }
}
