package dev.retour.events;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Table {@code event}, as far as it holds what waits for nothing any more. */
final class SettledEventStore {
  /** Where an event stands among those received. */
  record Place(Instant receivedAt, UUID id) {
    static final Place FIRST = new Place(Instant.EPOCH, new UUID(0, 0));
  }

  /** Events last changed before, in the order they were received. */
  List<Place> places(Handle handle, Place after, int max, Instant before) {
    return handle
        .createQuery(
            """
            SELECT received_at, id FROM event
             WHERE received_at >= :at AND (received_at, id) > (:at, :id) AND received_at < :before
               AND status NOT IN ('pending', 'paused') AND changed_at < :before
             ORDER BY received_at, id LIMIT :max""")
        .bind("at", after.receivedAt())
        .bind("id", after.id())
        .bind("before", before)
        .bind("max", max)
        .map(
            (row, context) ->
                new Place(row.getTimestamp(1).toInstant(), row.getObject(2, UUID.class)))
        .list();
  }

  int delete(Handle handle, Collection<UUID> ids) {
    return handle
        .createUpdate("DELETE FROM event WHERE id = ANY(:ids)")
        .bindArray("ids", UUID.class, ids)
        .execute();
  }
}
