package dev.retour.delivery;

import dev.retour.delivery.QueueEntry.Told;
import dev.retour.delivery.QueueEntry.Trouble;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Table {@code work_package} as people see it: by filters, page by page, and one with all of it.
 */
final class QueueListStore {
  private static final int DETAIL_ROWS_MAX = 200;
  private static final int TEXT_CHARS_MAX = 2_000;

  /** A lease runs as long as the sidecar that has it gives signs of life. */
  private static final String ENTRY =
      """
      p.*, left(p.failure_text, %d) AS failure_cut,
      greatest(p.lease_until, (SELECT s.lease_until FROM sidecar s WHERE s.owner = p.lease_owner))
        AS leased_until"""
          .formatted(TEXT_CHARS_MAX);

  static final String COLUMNS = "SELECT " + ENTRY + " FROM work_package p";

  /** Newest first, below {@code beforeId}. */
  List<QueueEntry> list(Handle handle, QueueFilter filter, long beforeId, int max) {
    return bound(
            handle
                .createQuery(
                    COLUMNS + where(filter) + " AND p.id < :before ORDER BY p.id DESC LIMIT :max")
                .bind("before", beforeId)
                .bind("max", max),
            filter)
        .map(QueueListStore::entry)
        .list();
  }

  long count(Handle handle, QueueFilter filter) {
    return bound(handle.createQuery("SELECT count(*) FROM work_package p" + where(filter)), filter)
        .mapTo(Long.class)
        .one();
  }

  /** Ids in ascending order, above {@code afterId} and not above {@code last}. */
  List<Long> ids(Handle handle, QueueFilter filter, long afterId, long last, int max) {
    return bound(
            handle
                .createQuery(
                    "SELECT p.id FROM work_package p"
                        + where(filter)
                        + " AND p.id > :after AND p.id <= :last ORDER BY p.id LIMIT :max")
                .bind("after", afterId)
                .bind("last", last)
                .bind("max", max),
            filter)
        .mapTo(Long.class)
        .list();
  }

  Optional<QueueDetail> detail(Handle handle, long id) {
    return handle
        .createQuery(
            "SELECT "
                + ENTRY
                + """
                   ,
                   coalesce(c.subject, 'Callback: ' || f.fact || ' of ' || f.recipient) AS subject,
                   coalesce(c.message_id, f.fact_id::text) AS message_id,
                   coalesce(length(c.raw), 0) AS bytes,
                   (SELECT count(*) FROM bounce_recipient b WHERE b.package_id = p.id) AS bounces
              FROM work_package p
              LEFT JOIN mail_content c ON c.id = p.content_id
              LEFT JOIN callback f ON f.package_id = p.id
             WHERE p.id = :id""")
        .bind("id", id)
        .map(
            (row, context) ->
                new QueueDetail(
                    entry(row, context),
                    row.getString("subject"),
                    row.getString("message_id"),
                    row.getInt("bytes"),
                    new AttemptStore().of(handle, id, DETAIL_ROWS_MAX),
                    new PackageLogStore().of(handle, id, DETAIL_ROWS_MAX),
                    row.getLong("bounces")))
        .findOne();
  }

  private static String where(QueueFilter filter) {
    return filter.isEmpty() ? " WHERE true" : " WHERE " + String.join(" AND ", filter.conditions());
  }

  private static Query bound(Query statement, QueueFilter filter) {
    Map<String, Object> values = new LinkedHashMap<>();
    put(values, "processor", filter.processor());
    put(values, "from", filter.createdFrom());
    put(values, "until", filter.createdUntil());
    put(values, "recipient", filter.recipient());
    put(values, "domain", filter.domain());
    put(values, "document", filter.document());
    put(values, "reason", filter.reason());
    put(values, "message", filter.message());
    values.forEach((name, value) -> statement.bind(name, value));
    if (!filter.states().isEmpty()) {
      statement.bindArray("states", String.class, filter.states());
    }
    if (!filter.ids().isEmpty()) {
      statement.bindArray("ids", Long.class, filter.ids());
    }
    return statement;
  }

  private static void put(Map<String, Object> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value);
    }
  }

  static QueueEntry entry(ResultSet row, StatementContext context) throws SQLException {
    String text = row.getString("failure_cut");
    return new QueueEntry(
        row.getLong("id"),
        row.getString("processor"),
        row.getInt("priority"),
        row.getString("state"),
        row.getString("recipient"),
        row.getString("role"),
        row.getString("message"),
        row.getString("document"),
        row.getObject("event_id", UUID.class),
        row.getInt("generation"),
        row.getInt("attempts"),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("changed_at").toInstant(),
        instant(row, "due_at"),
        row.getTimestamp("expires_at").toInstant(),
        row.getString("lease_owner"),
        instant(row, "leased_until"),
        text == null
            ? null
            : new Trouble(
                row.getString("failure_type"),
                row.getObject("failure_reason", Integer.class),
                text,
                row.getString("failure_rule")),
        new Told(
            row.getString("in_charge"),
            instant(row, "told_at"),
            instant(row, "tell_at"),
            instant(row, "late_told_at"),
            instant(row, "acknowledged_at"),
            row.getString("acknowledged_by")));
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
