package dev.retour.events;

import dev.retour.events.EventPage.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code event} and its view, as people search them. */
final class EventSearchStore {
  /** Ids only: what an index answers; the view is read for those that are shown. */
  List<Place> places(Handle handle, EventFilter filter, Place after, int max) {
    List<String> conditions = new ArrayList<>();
    conditions.add("(received_at, id) < (:afterTime, :afterId)");
    add(conditions, filter.type(), "event_type = :type");
    add(conditions, filter.from(), "received_at >= :from");
    add(conditions, filter.until(), "received_at < :until");
    add(conditions, filter.recipientKey(), "email_key = :recipient");
    add(conditions, filter.document(), "document_id = :document");
    Query query =
        handle.createQuery(
            """
            SELECT id, received_at FROM event WHERE <conditions>
             ORDER BY received_at DESC, id DESC LIMIT :max""");
    bind(query, "type", filter.type());
    bind(query, "from", filter.from());
    bind(query, "until", filter.until());
    bind(query, "recipient", filter.recipientKey());
    bind(query, "document", filter.document());
    return query
        .define("conditions", String.join(" AND ", conditions))
        .bind("afterTime", after.receivedAt())
        .bind("afterId", after.id())
        .bind("max", max)
        .map(
            (row, context) ->
                new Place(
                    row.getTimestamp("received_at").toInstant(), row.getObject("id", UUID.class)))
        .list();
  }

  /** Those of them with one of these statuses; all when there is none. */
  List<EventView> views(Handle handle, List<UUID> ids, List<String> statuses) {
    return handle
        .createQuery(
            """
            SELECT * FROM event_status
             WHERE id = ANY(:ids) AND (:any OR status = ANY(:statuses))
             ORDER BY received_at DESC, id DESC""")
        .bindArray("ids", UUID.class, ids)
        .bind("any", statuses.isEmpty())
        .bindArray("statuses", String.class, statuses)
        .map(EventStore::view)
        .list();
  }

  /**
   * The messages with their newest event.
   *
   * @param state null: any but deleted
   * @param silentSince null: any; else only those without an event since then
   */
  List<EventTypeView> types(Handle handle, @Nullable String state, @Nullable Instant silentSince) {
    return handle
        .createQuery(
            """
            SELECT m.id, m.state, m.version, newest.received_at
              FROM message m
              LEFT JOIN LATERAL (SELECT e.received_at FROM event e WHERE e.event_type = m.id
                                  ORDER BY e.received_at DESC LIMIT 1) newest ON true
             WHERE CASE WHEN CAST(:state AS text) IS NULL THEN m.state <> 'deleted'
                        ELSE m.state = :state END
               AND (CAST(:since AS timestamptz) IS NULL OR newest.received_at IS NULL
                    OR newest.received_at < :since)
             ORDER BY m.id""")
        .bind("state", state)
        .bind("since", silentSince)
        .map(
            (row, context) ->
                new EventTypeView(
                    row.getString("id"),
                    row.getString("state"),
                    row.getObject("version", Integer.class),
                    row.getTimestamp("received_at") == null
                        ? null
                        : row.getTimestamp("received_at").toInstant()))
        .list();
  }

  private static void add(List<String> conditions, @Nullable Object given, String condition) {
    if (given != null) {
      conditions.add(condition);
    }
  }

  private static void bind(Query query, String name, @Nullable Object value) {
    if (value != null) {
      query.bind(name, value);
    }
  }
}
