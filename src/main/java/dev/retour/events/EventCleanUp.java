package dev.retour.events;

import dev.retour.delivery.DeliveryCleanUp;
import dev.retour.events.SettledEventStore.Group;
import dev.retour.messages.Retentions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes events whose time is over, with their work packages; run daily, a transaction a page. An
 * event that waits, or of which a mail is open, uncertain or an error nobody acknowledged, stays
 * with all of its mails: as long as it is there, the same document is not sent a second time. Each
 * type is kept as long as its message says, all others as long as the settings say, and mails that
 * can be unsubscribed from as long as their links hold; refusals of events go then, too. Bytes of
 * files go with the last event that names them.
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
    long removed = 0;
    for (Group group : groups()) {
      Instant before = group.before();
      removed +=
          pages(group, (handle, ids) -> remove(handle, packages.removeOf(handle, ids, before)));
    }
    removeUnnamed();
    removeRefusals();
    if (removed > 0) {
      log.info("{} settled events were removed with their work packages.", removed);
    }
    return removed;
  }

  private int remove(Handle handle, Collection<UUID> ids) {
    attachments.release(handle, ids);
    return store.delete(handle, ids);
  }

  private void removeRefusals() {
    int removed;
    do {
      removed =
          jdbi.inTransaction(handle -> refusals.deleteBefore(handle, packages.before(), PAGE));
    } while (removed == PAGE);
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
    long due = 0;
    for (Group group : groups()) {
      due += pages(group, (handle, ids) -> packages.over(handle, ids, group.before()).size());
    }
    return due;
  }

  /** All types whose messages say nothing about it, and each of the others. */
  private List<Group> groups() {
    Map<String, Duration> retentions = Retentions.read(jdbi);
    List<Group> groups = new ArrayList<>();
    groups.add(new Group(null, List.copyOf(retentions.keySet()), packages.before()));
    retentions.forEach(
        (type, retention) ->
            groups.add(new Group(type, List.of(), packages.before(retention, isLinked(type)))));
    return groups;
  }

  /** Spares looking at events every day that are kept for their links; each is looked at anyway. */
  private boolean isLinked(String type) {
    return jdbi.withHandle(handle -> store.isNewestLinked(handle, type));
  }

  private interface Work {
    int of(Handle handle, List<UUID> ids);
  }

  private long pages(Group group, Work work) {
    long done = 0;
    SettledEventStore.Place after = SettledEventStore.Place.FIRST;
    List<SettledEventStore.Place> page;
    do {
      SettledEventStore.Place from = after;
      page = jdbi.withHandle(handle -> store.places(handle, from, PAGE, group));
      List<UUID> ids = page.stream().map(SettledEventStore.Place::id).toList();
      done += ids.isEmpty() ? 0 : jdbi.inTransaction(handle -> work.of(handle, ids));
      after = page.isEmpty() ? after : page.get(page.size() - 1);
    } while (page.size() == PAGE);
    return done;
  }
}
