package dev.retour.console;

import dev.retour.console.Snapshot.Count;
import dev.retour.console.Snapshot.EventRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the table {@code event} and its view for the console; owned by the room events. */
final class ConsoleEventStore {
  private ConsoleEventStore() {}

  static List<Count> eventCounts(Handle handle, int window) {
    return handle
        .createQuery(
            """
            SELECT status AS word, count(*) AS number
              FROM (SELECT status FROM event_status ORDER BY received_at DESC LIMIT :window) newest
             GROUP BY status ORDER BY status""")
        .bind("window", window)
        .map((row, context) -> new Count(row.getString("word"), row.getLong("number"), false))
        .list();
  }

  static List<EventRow> newestEvents(Handle handle, int rows) {
    return handle
        .createQuery(
            """
            SELECT id, left(event_type, :text) AS event_type, left(coalesce(email, ''), :text) AS email,
                   received_at, status, reason,
                   left(fault, :text) AS fault, next_attempt_at AS due_at
              FROM event_status ORDER BY received_at DESC LIMIT :rows""")
        .bind("text", Rows.TEXT_MAX)
        .bind("rows", rows)
        .map((row, context) -> event(row))
        .list();
  }

  /** Pending events with a fault in the way; looks at the first {@code depth} that are due. */
  static List<EventRow> postponedEvents(Handle handle, int depth, int rows) {
    return handle
        .createQuery(
            """
            SELECT id, left(event_type, :text) AS event_type, left(coalesce(email, ''), :text) AS email,
                   received_at, status, reason,
                   left(fault, :text) AS fault, due_at
              FROM (SELECT * FROM event WHERE status = 'pending' ORDER BY due_at LIMIT :depth) due
             WHERE fault IS NOT NULL ORDER BY due_at LIMIT :rows""")
        .bind("text", Rows.TEXT_MAX)
        .bind("depth", depth)
        .bind("rows", rows)
        .map((row, context) -> event(row))
        .list();
  }

  /**
   * Events that wait for a paused message.
   *
   * @param count at most 10,000
   * @param firstEnd when the first of them becomes too old; null when none waits
   */
  record Waiting(long count, @Nullable Instant firstEnd) {}

  static Waiting waiting(Handle handle, String eventType) {
    return handle
        .createQuery(
            """
            SELECT count(*) AS n, min(due_at) AS first
              FROM (SELECT due_at FROM event WHERE status = 'paused' AND event_type = :type
                     ORDER BY due_at LIMIT 10000) waiting""")
        .bind("type", eventType)
        .map(
            (row, context) ->
                new Waiting(
                    row.getLong("n"),
                    row.getTimestamp("first") == null
                        ? null
                        : row.getTimestamp("first").toInstant()))
        .one();
  }

  private static EventRow event(ResultSet row) throws SQLException {
    return new EventRow(
        row.getString("id"),
        row.getString("event_type"),
        row.getString("email"),
        Rows.instant(row, "received_at"),
        row.getString("status"),
        Rows.number(row, "reason"),
        row.getString("fault"),
        row.getObject("due_at") == null ? null : Rows.instant(row, "due_at"));
  }
}
