package dev.retour.events;

import dev.retour.events.EventPage.Place;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Reads events back: where is it, and why. */
public final class EventLog {
  /** How many events a search by status looks at: what an event became is known to its mails. */
  static final int LOOKED_AT_MAX = 10_000;

  private static final int CHUNK = 500;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final EventStore store = new EventStore();
  private final EnrichmentStore enrichments = new EnrichmentStore();
  private final EventSearchStore search = new EventSearchStore();
  private final RefusalStore refusals = new RefusalStore();

  public EventLog(Jdbi jdbi, InstantSource clock) {
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /** The event of this type with this key. */
  public Optional<EventView> find(String eventType, UUID pkey) {
    return jdbi.withHandle(handle -> store.find(handle, eventType, pkey));
  }

  /** The event with this key. */
  public Optional<EventView> find(UUID pkey) {
    return jdbi.withHandle(handle -> store.find(handle, pkey));
  }

  /** What other databases said of an event, as JSON; nothing when none was asked. */
  public Optional<String> enriched(UUID pkey) {
    return jdbi.withHandle(handle -> enrichments.values(handle, pkey));
  }

  /**
   * One page, the newest first.
   *
   * @param after where it begins; null: with the newest
   */
  public EventPage list(EventFilter filter, @Nullable Place after, int limit) {
    return jdbi.withHandle(
        handle -> list(handle, filter, after == null ? Place.FIRST : after, limit));
  }

  private EventPage list(Handle handle, EventFilter filter, Place after, int limit) {
    boolean anyStatus = filter.statuses().isEmpty();
    int most = anyStatus ? limit : LOOKED_AT_MAX;
    List<Place> places = search.places(handle, filter, after, most);
    List<EventView> found = new ArrayList<>();
    int lookedAt = 0;
    while (lookedAt < places.size() && found.size() < limit) {
      int to = Math.min(places.size(), lookedAt + (anyStatus ? limit : CHUNK));
      List<UUID> ids = places.subList(lookedAt, to).stream().map(Place::id).toList();
      found.addAll(search.views(handle, ids, filter.statuses()));
      lookedAt = to;
    }
    if (found.size() > limit) {
      EventView last = found.get(limit - 1);
      Place next = new Place(last.receivedAt(), last.pkey());
      return new EventPage(found.subList(0, limit), next, lookedAt);
    }
    boolean more = lookedAt < places.size() || places.size() == most;
    return new EventPage(found, more && lookedAt > 0 ? places.get(lookedAt - 1) : null, lookedAt);
  }

  /**
   * Events that were refused because their message took none, the newest first; what is kept of
   * them and for how long, docs/events-api.md tells.
   *
   * @param filter its statuses have no meaning here
   * @param after as {@link RefusalPage#place} read it
   */
  public RefusalPage refusals(EventFilter filter, long after, int limit) {
    List<RefusalView> found =
        jdbi.withHandle(handle -> refusals.list(handle, filter, after, limit + 1));
    return found.size() > limit
        ? new RefusalPage(found.subList(0, limit), found.get(limit - 1).id())
        : new RefusalPage(found, null);
  }

  /**
   * The event types, by id.
   *
   * @param state of their messages; null: any but deleted
   * @param silentFor only those without an event for so long; null: all
   */
  public List<EventTypeView> types(@Nullable String state, @Nullable Duration silentFor) {
    return jdbi.withHandle(
        handle ->
            search.types(
                handle, state, silentFor == null ? null : clock.instant().minus(silentFor)));
  }
}
