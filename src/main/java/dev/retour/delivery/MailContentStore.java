package dev.retour.delivery;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Table {@code mail_content}: the bytes of a mail, written once. */
final class MailContentStore {
  private static final String COPY =
      """
      INSERT INTO mail_content (message_id, subject, raw, created_at)
      SELECT :messageId, c.subject, :raw, :now
        FROM work_package p JOIN mail_content c ON c.id = p.content_id WHERE p.id = :package
      RETURNING id""";

  private static final String OF_PACKAGE =
      """
      SELECT c.message_id, c.raw FROM work_package p JOIN mail_content c ON c.id = p.content_id
       WHERE p.id = :package""";

  private static final String RAW =
      "SELECT id, message_id, raw FROM mail_content WHERE id = ANY(:ids) AND octet_length(raw) <= :max";

  /** The mail as stored. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Content(String messageId, byte[] raw) {}

  /** A copy under another Message-ID: the next generation of a mail is a mail of its own. */
  long copy(Handle handle, long packageId, Content copy, Instant now) {
    return handle
        .createQuery(COPY)
        .bind("messageId", copy.messageId())
        .bind("raw", copy.raw())
        .bind("package", packageId)
        .bind("now", now)
        .mapTo(Long.class)
        .one();
  }

  /** The mail of a package. */
  Content ofPackage(Handle handle, long packageId) {
    return handle
        .createQuery(OF_PACKAGE)
        .bind("package", packageId)
        .map((row, context) -> new Content(row.getString("message_id"), row.getBytes("raw")))
        .one();
  }

  /** In the order of the ids, which need not differ. */
  List<Content> contents(Handle handle, List<Long> ids) {
    Map<Long, Content> found = contents(handle, ids, Integer.MAX_VALUE);
    return ids.stream().map(id -> Objects.requireNonNull(found.get(id), "content " + id)).toList();
  }

  /** By their ids, without those that have more octets. */
  Map<Long, Content> contents(Handle handle, List<Long> ids, int octetsMax) {
    Map<Long, Content> found = new HashMap<>();
    handle
        .createQuery(RAW)
        .bindArray("ids", Long.class, Set.copyOf(ids))
        .bind("max", octetsMax)
        .map(
            (row, context) ->
                Map.entry(
                    row.getLong("id"),
                    new Content(row.getString("message_id"), row.getBytes("raw"))))
        .forEach(each -> found.put(each.getKey(), each.getValue()));
    return found;
  }
}
