package dev.retour.bounces;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tables {@code bounce} and {@code bounce_recipient}: what came back and what was done about it.
 */
final class BounceStore {
  private static final String INSERT =
      """
      INSERT INTO bounce (mailbox, raw_sha256, raw, raw_bytes, received_at, kind, folder, subject,
             sender, correlation, fault)
      SELECT :mailbox, sha256(mail.raw), mail.raw, :bytes, :now, :kind, :folder, :subject,
             :sender, :correlation, :fault
        FROM (SELECT CAST(:raw AS bytea) AS raw) AS mail
      ON CONFLICT ON CONSTRAINT bounce_once DO NOTHING
      RETURNING id""";

  private static final String INSERT_RECIPIENT =
      """
      INSERT INTO bounce_recipient (bounce_id, reported, sent_to, package_id, failure_type,
             failure_reason, status_code, reply_code, diagnostic, rule_id, rules_version,
             consequence)
      VALUES (:bounce, :reported, :sentTo, :package, :type,
             :reason, :status, :reply, :diagnostic, :rule, :version,
             :consequence)""";

  private static final int FETCH_SIZE = 100;

  private static final String DECISIONS =
      """
      SELECT b.id, b.raw, b.correlation, r.reported, r.sent_to, r.failure_type,
             r.failure_reason, r.rule_id, a.state
        FROM bounce b
        JOIN bounce_recipient r ON r.bounce_id = b.id
        LEFT JOIN work_package p ON p.id = r.package_id
        LEFT JOIN address a ON a.address = p.recipient_key
       WHERE b.kind IN ('bounce', 'delayed') AND b.raw IS NOT NULL
       ORDER BY b.id, r.id""";

  /** Looks at one row. */
  interface Visitor {
    void take(ResultSet row) throws SQLException;
  }

  /** Hands over each decision about a recipient with its mail, oldest first, not all at once. */
  void eachDecision(Handle handle, Visitor visitor) {
    handle
        .createQuery(DECISIONS)
        .setFetchSize(FETCH_SIZE)
        .map(
            (row, context) -> {
              visitor.take(row);
              return true;
            })
        .forEach(seen -> {});
  }

  /** The row of a mail. */
  record Row(
      String mailbox,
      RawMail mail,
      String kind,
      Folder folder,
      @Nullable String subject,
      @Nullable String sender,
      String correlation,
      @Nullable String fault) {}

  /** The id of the new row, or nothing when this mail was stored before. */
  Optional<Long> insert(Handle handle, Row row, Instant now) {
    return handle
        .createQuery(INSERT)
        .bind("mailbox", row.mailbox())
        .bind("raw", row.mail().raw())
        .bind("bytes", row.mail().totalBytes())
        .bind("now", now)
        .bind("kind", row.kind())
        .bind("folder", row.folder().label())
        .bind("subject", clean(row.subject()))
        .bind("sender", clean(row.sender()))
        .bind("correlation", row.correlation())
        .bind("fault", clean(row.fault()))
        .mapTo(Long.class)
        .findOne();
  }

  /** The transaction's commit will not wait for the disk; {@link #flush} does for all before it. */
  void commitWithoutWaiting(Handle handle) {
    handle.execute("SET LOCAL synchronous_commit = off");
  }

  /** Writes a record that changes nothing, so that this commit waits for all that came before. */
  void flush(Handle handle) {
    handle.execute("SELECT pg_logical_emit_message(true, 'retour', 'flush')");
  }

  /**
   * Tells the planner how large the tables have become. A plan made for an empty table reads all of
   * it for each mail, and is kept until the statistics change: a flood would slow down with each
   * mail it brings.
   */
  void analyze(Handle handle) {
    handle.execute("ANALYZE bounce, bounce_recipient, address, address_history, quarantine_hit");
  }

  /** Drops the bytes of mails received before; how many. */
  int dropRaw(Handle handle, Instant before, int max) {
    return handle
        .createUpdate(
            """
            UPDATE bounce SET raw = NULL
             WHERE id IN (SELECT id FROM bounce
                           WHERE received_at < :before AND raw IS NOT NULL
                           ORDER BY received_at LIMIT :max)""")
        .bind("before", before)
        .bind("max", max)
        .execute();
  }

  /** Deletes bounces received before, with their recipients; how many. */
  int deleteOld(Handle handle, Instant before, int max) {
    return handle
        .createUpdate(
            """
            DELETE FROM bounce
             WHERE id IN (SELECT id FROM bounce WHERE received_at < :before
                           ORDER BY received_at LIMIT :max)""")
        .bind("before", before)
        .bind("max", max)
        .execute();
  }

  void insertRecipient(Handle handle, long bounce, Consequence consequence) {
    Assessment.Judged judged = consequence.judged();
    var recipient = judged.recipient();
    handle
        .createUpdate(INSERT_RECIPIENT)
        .bind("bounce", bounce)
        .bind("reported", recipient == null ? null : clean(recipient.finalRecipient().text()))
        .bind("sentTo", consequence.sent() == null ? null : consequence.sent().recipient())
        .bind("package", consequence.sent() == null ? null : consequence.sent().id())
        .bind("type", judged.verdict().type().label())
        .bind("reason", judged.verdict().reason().code())
        .bind("status", clean(judged.diagnostic().status()))
        .bind("reply", judged.diagnostic().replyCode())
        .bind("diagnostic", clean(judged.diagnostic().text()))
        .bind("rule", judged.verdict().ruleId())
        .bind("version", judged.verdict().rulesVersion())
        .bind("consequence", consequence.sentence())
        .execute();
  }

  /** PostgreSQL takes every character of Unicode but one. */
  private static @Nullable String clean(@Nullable String text) {
    return text == null ? null : text.replace('\0', '\uFFFD');
  }
}
