package dev.retour.events;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code event}, as far as it holds what waits for nothing any more. */
final class SettledEventStore {
  private static final String PLACES =
      """
      SELECT received_at, id FROM event
       WHERE received_at >= :at AND (received_at, id) > (:at, :id) AND received_at < :before
         AND status NOT IN ('pending', 'paused') AND changed_at < :before AND %s
       ORDER BY received_at, id LIMIT :max""";

  private static final String OF = "event_type = :type";
  private static final String NOT_OF = "event_type <> ALL(:others)";

  /**
   * Events that are kept for the same time.
   *
   * @param type null: all types but {@code others}
   * @param before what was changed before this is over
   */
  record Group(@Nullable String type, List<String> others, Instant before) {
    Group {
      others = List.copyOf(others);
    }
  }

  /** Where an event stands among those received. */
  record Place(Instant receivedAt, UUID id) {
    static final Place FIRST = new Place(Instant.EPOCH, new UUID(0, 0));
  }

  /** Those of a group that are over, in the order they were received. */
  List<Place> places(Handle handle, Place after, int max, Group group) {
    Query query =
        group.type() == null
            ? handle
                .createQuery(PLACES.formatted(NOT_OF))
                .bindArray("others", String.class, group.others())
            : handle.createQuery(PLACES.formatted(OF)).bind("type", group.type());
    return query
        .bind("at", after.receivedAt())
        .bind("id", after.id())
        .bind("before", group.before())
        .bind("max", max)
        .map(
            (row, context) ->
                new Place(row.getTimestamp(1).toInstant(), row.getObject(2, UUID.class)))
        .list();
  }

  /** Whether the newest event of a type that became a mail can be unsubscribed from. */
  boolean isNewestLinked(Handle handle, String type) {
    return handle
        .createQuery(
            """
            SELECT p.category IS NOT NULL
              FROM (SELECT id FROM event
                     WHERE event_type = :type AND status = 'processing'
                     ORDER BY received_at DESC LIMIT 1) newest
              JOIN work_package p ON p.event_id = newest.id
             ORDER BY p.id LIMIT 1""")
        .bind("type", type)
        .mapTo(Boolean.class)
        .findOne()
        .orElse(false);
  }

  int delete(Handle handle, Collection<UUID> ids) {
    return handle
        .createUpdate("DELETE FROM event WHERE id = ANY(:ids)")
        .bindArray("ids", UUID.class, ids)
        .execute();
  }
}
