package dev.retour.events;

import dev.retour.events.IntakeStore.Beginning;
import dev.retour.store.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Table {@code event} and view {@code event_status}. */
final class EventStore {
  /**
   * Takes events by moving their due time: until then they are ours, and the time is the proof. A
   * process that dies leaves them to be found again when it has passed.
   */
  private static final String TAKE =
      """
      UPDATE event SET due_at = :until
       WHERE id IN (SELECT id FROM event WHERE status = 'pending' AND due_at <= :now
                     ORDER BY due_at LIMIT :max FOR UPDATE SKIP LOCKED)
      RETURNING id, event_type, email, payload::text AS ctx, document::text AS document,
             document_id, expires_at, tries, received_at, redelivery::text AS redelivery,
             copies::text AS copies, in_charge, scheduled_at, due_at,
             attachments::text AS attachments,
             attachments IS NOT NULL OR coalesce(jsonb_exists(document, 'sha256'), false)
               AS has_files,
             enriched::text AS enriched, enriched_by, waiting_since,
             extract(epoch FROM tell_after)::float8 AS tell_after""";

  private static final String PROCESSING =
      """
      UPDATE event e SET status = 'processing', due_at = NULL, fault = NULL, attachment = NULL,
             version = nullif(ours.version, 0), changed_at = :now
        FROM unnest(:ids, CAST(:taken AS timestamptz[]), :versions) AS ours (id, taken, version)
       WHERE e.id = ours.id AND e.status = 'pending' AND e.due_at = ours.taken
      RETURNING e.id""";

  private static final String ENDED =
      """
      UPDATE event SET status = :status, reason = :reason, fault = :fault, due_at = NULL,
             changed_at = :now
       WHERE id = :id AND status = 'pending' AND due_at = :taken""";

  private static final String POSTPONED =
      """
      UPDATE event SET tries = tries + 1, fault = :fault, due_at = :due, changed_at = :now
       WHERE id = :id AND status = 'pending' AND due_at = :taken""";

  private static final String PUT_BACK =
      """
      UPDATE event SET due_at = :due, changed_at = :now
       WHERE id = :id AND status = 'pending' AND due_at = :taken""";

  private static final String HELD =
      """
      UPDATE event SET status = 'paused', fault = :fault, due_at = :due, changed_at = :now
       WHERE id = :id AND status = 'pending' AND due_at = :taken""";

  private static final String FIND =
      "SELECT * FROM event_status WHERE id = :id AND event_type = :type";

  /**
   * Takes what is due, the oldest first; nobody else gets it before {@code until}. Attachments are
   * not read: a batch of them might not fit into memory.
   */
  List<DueEvent> take(Handle handle, int max, Instant until, Instant now) {
    return handle
        .createQuery(TAKE)
        .bind("now", now)
        .bind("until", until)
        .bind("max", max)
        .map(EventStore::due)
        .list();
  }

  /**
   * Which of them are still ours: nothing of the others may be done.
   *
   * @param versions of the messages their mails were made by, in the same order
   */
  Set<UUID> processing(Handle handle, List<DueEvent> events, List<Integer> versions, Instant now) {
    return handle
        .createQuery(PROCESSING)
        .bind("ids", Columns.of("uuid", events, DueEvent::id))
        .bind("taken", Columns.times(events, DueEvent::takenUntil))
        .bind("versions", Columns.of("int4", versions, version -> version))
        .bind("now", now)
        .mapTo(UUID.class)
        .set();
  }

  /** False when it is no longer ours. */
  boolean ended(Handle handle, DueEvent event, Beginning end, Instant now) {
    return handle
            .createUpdate(ENDED)
            .bind("id", event.id())
            .bind("taken", event.takenUntil())
            .bind("status", end.status())
            .bind("reason", end.reason())
            .bind("fault", end.fault())
            .bind("now", now)
            .execute()
        == 1;
  }

  /** False when it is no longer ours. */
  boolean postponed(Handle handle, DueEvent event, String fault, Instant due, Instant now) {
    return moved(handle.createUpdate(POSTPONED).bind("fault", fault), event, due, now);
  }

  /** The same without a fault of its own: it is tried again as if it had not been tried. */
  boolean putBack(Handle handle, DueEvent event, Instant due, Instant now) {
    return moved(handle.createUpdate(PUT_BACK), event, due, now);
  }

  /** It waits for its message; {@code until} then. False when it is no longer ours. */
  boolean held(Handle handle, DueEvent event, String fault, Instant until, Instant now) {
    return moved(handle.createUpdate(HELD).bind("fault", fault), event, until, now);
  }

  private static boolean moved(Update update, DueEvent event, Instant due, Instant now) {
    return update
            .bind("id", event.id())
            .bind("taken", event.takenUntil())
            .bind("due", due)
            .bind("now", now)
            .execute()
        == 1;
  }

  Optional<EventView> find(Handle handle, String type, UUID id) {
    return handle
        .createQuery(FIND)
        .bind("id", id)
        .bind("type", type)
        .map(EventStore::view)
        .findOne();
  }

  Optional<EventView> find(Handle handle, UUID id) {
    return handle
        .createQuery("SELECT * FROM event_status WHERE id = :id")
        .bind("id", id)
        .map(EventStore::view)
        .findOne();
  }

  private static DueEvent due(ResultSet row, StatementContext context) throws SQLException {
    return new DueEvent(
        row.getObject("id", UUID.class),
        row.getString("event_type"),
        row.getString("email"),
        row.getString("ctx"),
        row.getString("document"),
        row.getString("document_id"),
        row.getBoolean("has_files"),
        row.getString("attachments"),
        instant(row, "expires_at"),
        row.getInt("tries"),
        row.getTimestamp("received_at").toInstant(),
        row.getString("redelivery"),
        StoredCopies.read(row.getString("copies"), row.getString("in_charge"), tellAfter(row)),
        instant(row, "scheduled_at"),
        new EventValues(
            row.getString("enriched"), row.getInt("enriched_by"), instant(row, "waiting_since")),
        row.getTimestamp("due_at").toInstant());
  }

  private static @Nullable Duration tellAfter(ResultSet row) throws SQLException {
    double seconds = row.getDouble("tell_after");
    return row.wasNull() ? null : Duration.ofMillis(Math.round(seconds * 1_000));
  }

  static EventView view(ResultSet row, StatementContext context) throws SQLException {
    return new EventView(
        row.getObject("id", UUID.class),
        row.getString("event_type"),
        row.getString("email"),
        row.getString("document_id"),
        row.getString("status"),
        row.getObject("reason", Integer.class),
        row.getString("fault"),
        row.getTimestamp("received_at").toInstant(),
        instant(row, "scheduled_at"),
        instant(row, "expires_at"),
        row.getObject("package_id", Long.class),
        row.getString("package_state"),
        row.getInt("attempts"),
        instant(row, "next_attempt_at"),
        instant(row, "due_at"),
        row.getObject("version", Integer.class));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    Timestamp timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }
}
