package dev.retour.events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads the table {@code message}, owned by the room messages. */
final class MessageStateStore {
  private static final String ROWS =
      """
      SELECT id, state, version, newest, because, changed_by, changed_at, revision
        FROM message""";

  /** Those there are of these. */
  Map<String, MessageState> read(Handle handle, Collection<String> ids) {
    return states(
        handle
            .createQuery(ROWS + " WHERE id = ANY(:ids)")
            .bindArray("ids", String.class, List.copyOf(ids)));
  }

  /**
   * The same, and they stay so until the transaction ends: who pauses or unpublishes one waits for
   * us, and whatever we do for it comes before. In one order for all.
   */
  Map<String, MessageState> hold(Handle handle, Collection<String> ids) {
    return states(
        handle
            .createQuery(ROWS + " WHERE id = ANY(:ids) ORDER BY id FOR SHARE")
            .bindArray("ids", String.class, List.copyOf(ids)));
  }

  /** Differs whenever any message changed. */
  long stamp(Handle handle) {
    return handle
        .createQuery("SELECT count(*) + coalesce(sum(revision), 0) FROM message")
        .mapTo(Long.class)
        .one();
  }

  Map<String, MessageState> all(Handle handle) {
    return states(handle.createQuery(ROWS));
  }

  private static Map<String, MessageState> states(Query query) {
    return query
        .map(MessageStateStore::state)
        .collect(Collectors.toMap(MessageState::id, Function.identity()));
  }

  private static MessageState state(ResultSet row, StatementContext context) throws SQLException {
    return new MessageState(
        row.getString("id"),
        row.getString("state"),
        row.getObject("version", Integer.class),
        row.getInt("newest"),
        row.getString("because"),
        row.getString("changed_by"),
        row.getTimestamp("changed_at").toInstant(),
        row.getLong("revision"));
  }
}
