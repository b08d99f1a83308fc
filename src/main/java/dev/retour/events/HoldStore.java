package dev.retour.events;

import dev.retour.store.Columns;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Table {@code event}, as far as events wait for their message. */
final class HoldStore {
  private static final String EXPIRE =
      """
      UPDATE event SET status = 'tooOld', due_at = NULL, changed_at = :now,
             fault = 'It was too old before its message was resumed. ' || coalesce(fault, '')
       WHERE id IN (SELECT id FROM event WHERE status = 'paused' AND due_at <= :now
                     ORDER BY due_at LIMIT :max FOR UPDATE SKIP LOCKED)
      RETURNING id""";

  /** One step of an index for each type, however many events wait. */
  private static final String PAUSED_TYPES =
      """
      WITH RECURSIVE found AS (
        (SELECT event_type FROM event WHERE status = 'paused' ORDER BY event_type LIMIT 1)
        UNION ALL
        SELECT (SELECT event_type FROM event
                 WHERE status = 'paused' AND event_type > found.event_type
                 ORDER BY event_type LIMIT 1)
          FROM found WHERE found.event_type IS NOT NULL)
      SELECT event_type FROM found WHERE event_type IS NOT NULL""";

  /** Those that would be too old first go first. */
  private static final String RELEASE =
      """
      UPDATE event SET status = 'pending', due_at = :now, fault = NULL, changed_at = :now
       WHERE id IN (SELECT id FROM event WHERE status = 'paused' AND event_type = :type
                     ORDER BY due_at LIMIT :max FOR UPDATE SKIP LOCKED)""";

  private static final String END_PENDING =
      """
      UPDATE event e SET status = 'routingFailed', due_at = NULL, fault = s.text, changed_at = :now
        FROM (SELECT w.id, o.text
                FROM event w JOIN unnest(:types, :texts) AS o (type, text) ON o.type = w.event_type
               WHERE w.status = 'pending' LIMIT :max FOR UPDATE OF w SKIP LOCKED) AS s
       WHERE e.id = s.id
      RETURNING e.id""";

  private static final String END_PAUSED =
      """
      UPDATE event SET status = 'routingFailed', due_at = NULL, fault = :text, changed_at = :now
       WHERE id IN (SELECT id FROM event WHERE status = 'paused' AND event_type = :type
                     ORDER BY due_at LIMIT :max FOR UPDATE SKIP LOCKED)
      RETURNING id""";

  private static final String HURRY =
      """
      UPDATE event SET due_at = :now, changed_at = :now
       WHERE id IN (SELECT id FROM event
                     WHERE status = 'pending' AND due_at > :now AND fault IS NOT NULL
                       AND event_type = ANY(:types) LIMIT :max FOR UPDATE SKIP LOCKED)""";

  /** Ends those that are too old; which they were. */
  List<UUID> expire(Handle handle, int max, Instant now) {
    return handle.createQuery(EXPIRE).bind("max", max).bind("now", now).mapTo(UUID.class).list();
  }

  List<String> pausedTypes(Handle handle) {
    return handle.createQuery(PAUSED_TYPES).mapTo(String.class).list();
  }

  int release(Handle handle, String type, int max, Instant now) {
    return handle
        .createUpdate(RELEASE)
        .bind("type", type)
        .bind("max", max)
        .bind("now", now)
        .execute();
  }

  /** Ends those that were held; which they were. */
  List<UUID> endPaused(Handle handle, String type, String text, int max, Instant now) {
    return handle
        .createQuery(END_PAUSED)
        .bind("type", type)
        .bind("text", text)
        .bind("max", max)
        .bind("now", now)
        .mapTo(UUID.class)
        .list();
  }

  /** Ends those that wait, the scheduled ones as well; which they were. */
  List<UUID> endPending(Handle handle, Map<String, String> textByType, int max, Instant now) {
    List<Map.Entry<String, String>> types = List.copyOf(textByType.entrySet());
    return handle
        .createQuery(END_PENDING)
        .bind("types", Columns.texts(types, Map.Entry::getKey))
        .bind("texts", Columns.texts(types, Map.Entry::getValue))
        .bind("max", max)
        .bind("now", now)
        .mapTo(UUID.class)
        .list();
  }

  /** Those that something stood in the way of are tried now. */
  int hurry(Handle handle, List<String> types, int max, Instant now) {
    return handle
        .createUpdate(HURRY)
        .bindArray("types", String.class, types)
        .bind("max", max)
        .bind("now", now)
        .execute();
  }
}
