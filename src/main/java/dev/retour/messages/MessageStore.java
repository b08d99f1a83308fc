package dev.retour.messages;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Table {@code message}. */
final class MessageStore {
  private static final String ROWS =
      "SELECT id, state, version, newest, because, changed_by, changed_at FROM message";

  /** Differs whenever any message changed. */
  record Stamp(long messages, long revisions) {}

  Stamp stamp(Handle handle) {
    return handle
        .createQuery("SELECT count(*) AS n, coalesce(sum(revision), 0) AS r FROM message")
        .map((row, context) -> new Stamp(row.getLong("n"), row.getLong("r")))
        .one();
  }

  List<MessageRow> all(Handle handle) {
    return handle.createQuery(ROWS + " ORDER BY id").map(MessageStore::row).list();
  }

  Optional<MessageRow> find(Handle handle, String id) {
    return handle
        .createQuery(ROWS + " WHERE id = :id")
        .bind("id", id)
        .map(MessageStore::row)
        .findOne();
  }

  /** The row of a message, made when there is none, and locked. */
  MessageRow lock(Handle handle, String id, String by, Instant now) {
    handle
        .createUpdate(
            """
            INSERT INTO message (id, state, changed_by, changed_at)
            VALUES (:id, 'draft', :by, :now) ON CONFLICT DO NOTHING""")
        .bind("id", id)
        .bind("by", by)
        .bind("now", now)
        .execute();
    return handle
        .createQuery(ROWS + " WHERE id = :id FOR UPDATE")
        .bind("id", id)
        .map(MessageStore::row)
        .one();
  }

  void change(Handle handle, MessageRow to) {
    int rows =
        handle
            .createUpdate(
                """
                UPDATE message
                   SET state = :state, version = :version, newest = :newest, because = :because,
                       changed_by = :by, changed_at = :at, revision = revision + 1
                 WHERE id = :id""")
            .bind("id", to.id())
            .bind("state", to.state().label())
            .bind("version", to.version())
            .bind("newest", to.newest())
            .bind("because", to.because())
            .bind("by", to.changedBy())
            .bind("at", to.changedAt())
            .execute();
    if (rows != 1) {
      throw new IllegalStateException("Message " + to.id() + " vanished while it was locked.");
    }
  }

  private static MessageRow row(ResultSet row, StatementContext context) throws SQLException {
    return new MessageRow(
        row.getString("id"),
        MessageRow.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getObject("version", Integer.class),
        row.getInt("newest"),
        row.getString("because"),
        row.getString("changed_by"),
        row.getTimestamp("changed_at").toInstant());
  }
}
