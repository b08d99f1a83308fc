package dev.retour.events;

import dev.retour.delivery.DeliveryCleanUp;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes events whose time is over, with their work packages; run daily, a transaction a page. An
 * event that waits, or of which a mail is open, uncertain or an error nobody acknowledged, stays
 * with all of its mails: as long as it is there, the same document is not sent a second time.
 * Refusals of events go after the same time, and bytes of files go with the last event that names
 * them.
 */
public final class EventCleanUp {
  private static final Logger log = LoggerFactory.getLogger(EventCleanUp.class);
  private static final int PAGE = 200;

  private final Jdbi jdbi;
  private final DeliveryCleanUp packages;
  private final RefusalStore refusals = new RefusalStore();
  private final AttachmentStore attachments = new AttachmentStore();
  private final SettledEventStore store = new SettledEventStore();

  /** Removes what {@code packages} calls old. */
  public EventCleanUp(Jdbi jdbi, DeliveryCleanUp packages) {
    this.jdbi = jdbi;
    this.packages = packages;
  }

  /** Removes them; how many events. */
  public long removeOld() {
    Instant before = packages.before();
    long removed =
        pages(before, (handle, ids) -> remove(handle, packages.removeOf(handle, ids, before)));
    removeUnnamed();
    jdbi.useHandle(handle -> refusals.deleteBefore(handle, before));
    if (removed > 0) {
      log.info("{} settled events were removed with their work packages.", removed);
    }
    return removed;
  }

  private int remove(Handle handle, Collection<UUID> ids) {
    attachments.release(handle, ids);
    return store.delete(handle, ids);
  }

  /** Bytes of which two events were the last ones at the same moment. */
  private void removeUnnamed() {
    int removed;
    do {
      removed = jdbi.inTransaction(handle -> attachments.removeUnnamed(handle, PAGE));
    } while (removed == PAGE);
  }

  /** How many events {@link #removeOld} would remove; changes nothing. */
  public long due() {
    Instant before = packages.before();
    return pages(before, (handle, ids) -> packages.over(handle, ids, before).size());
  }

  private interface Work {
    int of(Handle handle, List<UUID> ids);
  }

  private long pages(Instant before, Work work) {
    long done = 0;
    SettledEventStore.Place after = SettledEventStore.Place.FIRST;
    List<SettledEventStore.Place> page;
    do {
      SettledEventStore.Place from = after;
      page = jdbi.withHandle(handle -> store.places(handle, from, PAGE, before));
      List<UUID> ids = page.stream().map(SettledEventStore.Place::id).toList();
      done += ids.isEmpty() ? 0 : jdbi.inTransaction(handle -> work.of(handle, ids));
      after = page.isEmpty() ? after : page.get(page.size() - 1);
    } while (page.size() == PAGE);
    return done;
  }
}
