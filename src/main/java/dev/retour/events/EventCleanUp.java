package dev.retour.events;

import dev.retour.delivery.DeliveryCleanUp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes events whose time is over, with their work packages; run daily, a transaction a page. An
 * event that waits, or of which a mail is open, uncertain or an error nobody acknowledged, stays
 * with all of its mails: as long as it is there, the same document is not sent a second time.
 */
public final class EventCleanUp {
  private static final Logger log = LoggerFactory.getLogger(EventCleanUp.class);
  private static final int PAGE = 200;

  private final Jdbi jdbi;
  private final DeliveryCleanUp packages;
  private final SettledEventStore store = new SettledEventStore();

  /** Removes what {@code packages} calls old. */
  public EventCleanUp(Jdbi jdbi, DeliveryCleanUp packages) {
    this.jdbi = jdbi;
    this.packages = packages;
  }

  /** Removes them; how many events. */
  public int removeOld() {
    Instant before = packages.before();
    int removed = 0;
    SettledEventStore.Place after = SettledEventStore.Place.FIRST;
    List<SettledEventStore.Place> page;
    do {
      SettledEventStore.Place from = after;
      page = jdbi.withHandle(handle -> store.places(handle, from, PAGE, before));
      List<UUID> ids = page.stream().map(SettledEventStore.Place::id).toList();
      removed += ids.isEmpty() ? 0 : jdbi.inTransaction(handle -> remove(handle, ids, before));
      after = page.isEmpty() ? after : page.get(page.size() - 1);
    } while (page.size() == PAGE);
    if (removed > 0) {
      log.info("{} settled events were removed with their work packages.", removed);
    }
    return removed;
  }

  private int remove(Handle handle, List<UUID> ids, Instant before) {
    Set<UUID> over = packages.removeOf(handle, ids, before);
    return store.delete(handle, over);
  }
}
