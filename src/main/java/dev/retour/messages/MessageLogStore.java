package dev.retour.messages;

import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/** Table {@code message_log}. */
final class MessageLogStore {
  void insert(Handle handle, String message, MessageLogEntry entry) {
    handle
        .createUpdate(
            """
            INSERT INTO message_log (message, at, who, what, version, because)
            VALUES (:message, :at, :who, :what, :version, :because)""")
        .bind("message", message)
        .bind("at", entry.at())
        .bind("who", entry.who())
        .bind("what", entry.what().label())
        .bind("version", entry.version())
        .bind("because", entry.because())
        .execute();
  }

  /** The last version in force with a smaller number than this one; 0 when there was none. */
  int before(Handle handle, String message, int version) {
    return handle
        .createQuery(
            """
            SELECT version FROM message_log
             WHERE message = :message AND version < :version
                   AND what IN ('published', 'rolled back')
             ORDER BY id DESC LIMIT 1""")
        .bind("message", message)
        .bind("version", version)
        .mapTo(Integer.class)
        .findOne()
        .orElse(0);
  }

  /** How often something was done to a message; nobody does it again until the transaction ends. */
  int count(Handle handle, String message, MessageLogEntry.What what) {
    handle
        .createQuery("SELECT pg_advisory_xact_lock(hashtext('message_log'), hashtext(:message))")
        .bind("message", message)
        .mapTo(String.class)
        .one();
    return handle
        .createQuery("SELECT count(*) FROM message_log WHERE message = :message AND what = :what")
        .bind("message", message)
        .bind("what", what.label())
        .mapTo(Integer.class)
        .one();
  }

  /** Newest first. */
  List<MessageLogEntry> of(Handle handle, String message, int max) {
    return handle
        .createQuery(
            """
            SELECT at, who, what, version, because FROM message_log
             WHERE message = :message ORDER BY id DESC LIMIT :max""")
        .bind("message", message)
        .bind("max", max)
        .map(
            (row, context) ->
                new MessageLogEntry(
                    row.getTimestamp("at").toInstant(),
                    row.getString("who"),
                    MessageLogEntry.What.valueOf(
                        row.getString("what").toUpperCase(Locale.ROOT).replace(' ', '_')),
                    row.getObject("version", Integer.class),
                    row.getString("because")))
        .list();
  }
}
