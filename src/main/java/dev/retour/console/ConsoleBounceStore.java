package dev.retour.console;

import dev.retour.console.Snapshot.BounceRow;
import dev.retour.console.Snapshot.Count;
import dev.retour.console.Snapshot.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Reads the tables {@code bounce} and {@code bounce_recipient} for the console; owned by the room
 * bounces.
 */
final class ConsoleBounceStore {
  private ConsoleBounceStore() {}

  static List<Count> bounceKinds(Handle handle, int window) {
    return Rows.counts(
        handle,
        """
        SELECT kind AS word, count(*) AS number, false AS more
          FROM (SELECT kind FROM bounce ORDER BY received_at DESC LIMIT :max) newest
         GROUP BY kind ORDER BY kind""",
        window);
  }

  static List<Count> bounceFolders(Handle handle, int window) {
    return Rows.counts(
        handle,
        """
        SELECT folder AS word, count(*) AS number, false AS more
          FROM (SELECT folder FROM bounce ORDER BY received_at DESC LIMIT :max) newest
         GROUP BY folder ORDER BY folder""",
        window);
  }

  static List<BounceRow> newestBounces(Handle handle, int rows) {
    return handle
        .createQuery(
            """
            SELECT b.id, left(b.mailbox, :text) AS mailbox, b.received_at, b.kind, b.folder,
                   left(b.subject, :text) AS subject, left(b.sender, :text) AS sender,
                   b.correlation, left(b.fault, :text) AS fault,
                   coalesce(v.recipients, 0) AS recipients, left(v.address, :text) AS address,
                   v.failure_type, v.failure_reason, left(v.status_code, :text) AS status_code,
                   left(v.diagnostic, :text) AS diagnostic, left(v.rule_id, :text) AS rule_id,
                   left(v.consequence, :text) AS consequence
              FROM (SELECT id, mailbox, received_at, kind, folder, subject, sender, correlation,
                           fault
                      FROM bounce ORDER BY received_at DESC LIMIT :rows) b
              LEFT JOIN LATERAL (
                   SELECT r.*, coalesce(r.sent_to, r.reported) AS address,
                          count(*) OVER () AS recipients
                     FROM bounce_recipient r WHERE r.bounce_id = b.id ORDER BY r.id LIMIT 1) v
                ON true
             ORDER BY b.received_at DESC""")
        .bind("text", Rows.TEXT_MAX)
        .bind("rows", rows)
        .map((row, context) -> bounce(row))
        .list();
  }

  private static BounceRow bounce(ResultSet row) throws SQLException {
    Verdict verdict =
        row.getLong("recipients") == 0
            ? null
            : new Verdict(
                row.getString("address"),
                row.getString("failure_type"),
                row.getInt("failure_reason"),
                row.getString("status_code"),
                row.getString("diagnostic"),
                row.getString("rule_id"),
                row.getString("consequence"));
    return new BounceRow(
        row.getLong("id"),
        row.getString("mailbox"),
        Rows.instant(row, "received_at"),
        row.getString("kind"),
        row.getString("folder"),
        row.getString("subject"),
        row.getString("sender"),
        row.getString("correlation"),
        row.getString("fault"),
        row.getLong("recipients"),
        verdict);
  }
}
