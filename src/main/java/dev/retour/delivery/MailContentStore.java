package dev.retour.delivery;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Table {@code mail_content}: the bytes of a mail, written once. */
final class MailContentStore {
  private static final String INSERT =
      """
      INSERT INTO mail_content (message_id, subject, raw, created_at)
      VALUES (:messageId, :subject, :raw, :now)
      RETURNING id""";

  private static final String RAW = "SELECT message_id, raw FROM mail_content WHERE id = :id";

  /** The mail as stored. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Content(String messageId, byte[] raw) {}

  long insert(Handle handle, NewPackage fresh, Instant now) {
    return handle
        .createQuery(INSERT)
        .bind("messageId", fresh.messageId())
        .bind("subject", fresh.subject())
        .bind("raw", fresh.raw())
        .bind("now", now)
        .mapTo(Long.class)
        .one();
  }

  Content content(Handle handle, long id) {
    return handle
        .createQuery(RAW)
        .bind("id", id)
        .map((row, context) -> new Content(row.getString("message_id"), row.getBytes("raw")))
        .one();
  }
}
