package dev.retour.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Tables {@code work_package}, {@code attempt}, {@code callback} and {@code mail_content}, as far
 * as they hold what is settled and old. Whatever is open, uncertain, or an error nobody
 * acknowledged is never among it. Rows are walked by their number, oldest first, and end at the
 * first young one: no index names a column that an attempt changes (decision 8).
 */
final class SettledStore {
  /** It can only come back by being sent again on purpose. */
  private static final String ENDED =
      "p.state IN ('sent', 'expired', 'cancelled') AND p.changed_at < :before";

  /** An acknowledged error can still be cleared; then it needs its bytes. */
  private static final String SETTLED =
      """
      (p.state IN ('sent', 'expired', 'cancelled')
        OR p.state = 'error' AND p.acknowledged_at IS NOT NULL)
      AND p.changed_at < :before
      AND NOT EXISTS (SELECT 1 FROM callback c JOIN work_package t ON t.id = c.package_id
                       WHERE c.about = p.id
                         AND NOT (t.state IN ('sent', 'expired', 'cancelled')
                                  OR t.state = 'error' AND t.acknowledged_at IS NOT NULL))""";

  private static final String ALONE =
      "p.event_id IS NULL AND "
          + SETTLED
          + " AND NOT EXISTS (SELECT 1 FROM work_package y WHERE y.again_of = p.id)";

  /** A row that was looked at; young: all after it are, too. */
  record Looked(long id, boolean young, boolean candidate) {}

  /** Mails that still have their bytes, above {@code after}. */
  List<Looked> mails(Handle handle, long after, int max, Instant before) {
    return handle
        .createQuery(
            """
            SELECT id, created_at >= :before AS young, true AS candidate FROM mail_content
             WHERE raw IS NOT NULL AND id > :after ORDER BY id LIMIT :max""")
        .bind("after", after)
        .bind("max", max)
        .bind("before", before)
        .map((row, context) -> new Looked(row.getLong(1), row.getBoolean(2), row.getBoolean(3)))
        .list();
  }

  /** Drops the bytes of those none of whose packages can still need them; how many. */
  int dropRaw(Handle handle, Collection<Long> contents, Instant before) {
    // Locked: what a bounce or a person changes at this moment is seen as it becomes.
    Set<Long> needed =
        handle
            .createQuery(
                "WITH locked AS (SELECT p.content_id, "
                    + ENDED
                    + " AS over FROM work_package p WHERE p.content_id = ANY(:contents)"
                    + " ORDER BY p.id FOR UPDATE) SELECT content_id FROM locked WHERE NOT over")
            .bindArray("contents", Long.class, contents)
            .bind("before", before)
            .mapTo(Long.class)
            .set();
    return handle
        .createUpdate("UPDATE mail_content SET raw = NULL WHERE id = ANY(:ids) AND raw IS NOT NULL")
        .bindArray("ids", Long.class, contents.stream().filter(id -> !needed.contains(id)).toList())
        .execute();
  }

  /** Mails whose bytes nobody can need any more. */
  long countMails(Handle handle, Instant before) {
    return count(
        handle,
        "SELECT count(*) FROM mail_content c WHERE c.raw IS NOT NULL AND c.created_at < :before"
            + " AND NOT EXISTS (SELECT 1 FROM work_package p WHERE p.content_id = c.id AND NOT ("
            + ENDED
            + "))",
        before);
  }

  /** Packages of no event that are over. */
  long countAlone(Handle handle, Instant before) {
    return count(
        handle,
        "SELECT count(*) FROM work_package p WHERE p.created_at < :before AND " + ALONE,
        before);
  }

  private static long count(Handle handle, String sql, Instant before) {
    return handle.createQuery(sql).bind("before", before).mapTo(Long.class).one();
  }

  /** Packages above {@code after}; candidates are those that belong to no event and are over. */
  List<Looked> packages(Handle handle, long after, int max, Instant before) {
    return handle
        .createQuery(
            "SELECT p.id, p.created_at >= :before, "
                + ALONE
                + " FROM work_package p WHERE p.id > :after ORDER BY p.id LIMIT :max")
        .bind("after", after)
        .bind("max", max)
        .bind("before", before)
        .map((row, context) -> new Looked(row.getLong(1), row.getBoolean(2), row.getBoolean(3)))
        .list();
  }

  /** Of these, locked, those that still belong to no event and are over. */
  List<Long> lockAlone(Handle handle, Collection<Long> ids, Instant before) {
    return handle
        .createQuery(
            "SELECT p.id FROM work_package p WHERE p.id = ANY(:ids) AND "
                + ALONE
                + " ORDER BY p.id FOR UPDATE OF p")
        .bindArray("ids", Long.class, ids)
        .bind("before", before)
        .mapTo(Long.class)
        .list();
  }

  /**
   * Locks the packages of these events; the events of which one is not over.
   *
   * @param linksBefore mails that can be unsubscribed from, and were changed since, are not
   */
  Set<UUID> unsettled(Handle handle, Collection<UUID> events, Instant before, Instant linksBefore) {
    return handle
        .createQuery(
            "WITH locked AS (SELECT p.event_id, (p.category IS NULL OR p.changed_at < :links) AND "
                + SETTLED
                + " AS over FROM work_package p WHERE p.event_id = ANY(:events)"
                + " ORDER BY p.id FOR UPDATE OF p) SELECT event_id FROM locked WHERE NOT over")
        .bindArray("events", UUID.class, events)
        .bind("before", before)
        .bind("links", linksBefore)
        .mapTo(UUID.class)
        .set();
  }

  List<Long> ofEvents(Handle handle, Collection<UUID> events) {
    return handle
        .createQuery("SELECT id FROM work_package WHERE event_id = ANY(:events)")
        .bindArray("events", UUID.class, events)
        .mapTo(Long.class)
        .list();
  }

  /** Deletes packages with all that belongs to them alone; their logs go by themselves. */
  void delete(Handle handle, Collection<Long> ids) {
    List<Long> contents =
        handle
            .createQuery(
                """
                SELECT DISTINCT content_id FROM work_package
                 WHERE id = ANY(:ids) AND content_id IS NOT NULL""")
            .bindArray("ids", Long.class, ids)
            .mapTo(Long.class)
            .list();
    for (String statement :
        List.of(
            "DELETE FROM callback WHERE package_id = ANY(:ids)",
            "DELETE FROM attempt WHERE package_id = ANY(:ids)",
            "DELETE FROM work_package WHERE id = ANY(:ids)")) {
      handle.createUpdate(statement).bindArray("ids", Long.class, ids).execute();
    }
    handle
        .createUpdate(
            """
            DELETE FROM mail_content c
             WHERE id = ANY(:contents)
               AND NOT EXISTS (SELECT 1 FROM work_package p WHERE p.content_id = c.id)""")
        .bindArray("contents", Long.class, contents)
        .execute();
  }
}
