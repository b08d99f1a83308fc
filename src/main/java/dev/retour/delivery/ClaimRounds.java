package dev.retour.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * Claims as the engine makes them, for measuring how long one takes: nothing is sent, what was
 * claimed is settled at once.
 */
public final class ClaimRounds {
  private static final int PARKED_PAGE = 50_000;
  private static final Duration VALIDITY = Duration.ofDays(5);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final BacklogStore packages = new BacklogStore();

  /**
   * Over one database, with the batch and the name of the configuration.
   *
   * @param byIndex the same database, on the connections the engine claims with
   */
  public ClaimRounds(Jdbi jdbi, Jdbi byIndex, InstantSource clock, DeliveryConfig config) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.queue = new Queue(byIndex, clock, config);
  }

  /** Packages that were refused once and wait, for an hour to four days. */
  public void park(int count) {
    Instant now = clock.instant();
    for (int done = 0; done < count; done += PARKED_PAGE) {
      int page = Math.min(PARKED_PAGE, count - done);
      jdbi.useTransaction(handle -> packages.park(handle, page, now, now.plus(VALIDITY)));
    }
  }

  /** Packages that are due now. */
  public void makeDue(int count) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> packages.insert(handle, count, new byte[1], now, now, now.plus(VALIDITY)));
  }

  /** Brings the tables into the state they have in the long run. */
  public void tidy() {
    jdbi.useHandle(packages::tidy);
  }

  /** One turn of the queue. */
  public List<ClaimedPackage> claim() {
    return queue.claim();
  }

  /** False when there is nothing left that could be claimed. */
  public boolean isDue() {
    return queue.due(1) > 0;
  }

  /** What was claimed counts as sent. */
  public void settle(List<ClaimedPackage> claimed) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle ->
            packages.settle(
                handle,
                claimed.stream().map(ClaimedPackage::id).toList(),
                claimed.stream().map(ClaimedPackage::attemptId).toList(),
                now));
    claimed.forEach(each -> queue.settled(each.id()));
  }

  /** How often each package was claimed, as its rows say. */
  public Claimed claimed() {
    return jdbi.withHandle(packages::claimed);
  }

  /**
   * Counts of packages.
   *
   * @param once claimed exactly once
   * @param twice claimed more than once, by the attempts of the package or by its attempt rows
   * @param never not claimed at all
   * @param attempts attempt rows
   */
  public record Claimed(long once, long twice, long never, long attempts) {}
}
