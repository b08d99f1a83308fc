package dev.retour.messages;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Tables {@code message_version} and {@code message_content}. */
final class VersionStore {
  /** The files of a version. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Content(byte[] archive, byte[] compiled) {}

  /** What is said of a version. */
  record New(String message, int number, String by, String because, Instant at) {}

  /** The same files published before are stored anew, so that what was unusable is mended. */
  void insert(Handle handle, New version, byte[] digest, Content content) {
    handle
        .createUpdate(
            """
            INSERT INTO message_content (digest, archive, compiled)
            VALUES (:digest, :archive, :compiled)
            ON CONFLICT (digest) DO UPDATE SET archive = excluded.archive, compiled = excluded.compiled""")
        .bind("digest", digest)
        .bind("archive", content.archive())
        .bind("compiled", content.compiled())
        .execute();
    handle
        .createUpdate(
            """
            INSERT INTO message_version (message, number, digest, published_at, published_by, because)
            VALUES (:message, :number, :digest, :at, :by, :because)""")
        .bind("message", version.message())
        .bind("number", version.number())
        .bind("digest", digest)
        .bind("at", version.at())
        .bind("by", version.by())
        .bind("because", version.because())
        .execute();
  }

  Optional<Content> content(Handle handle, String message, int number) {
    return handle
        .createQuery(
            """
            SELECT c.archive, c.compiled FROM message_version v JOIN message_content c USING (digest)
             WHERE v.message = :message AND v.number = :number""")
        .bind("message", message)
        .bind("number", number)
        .map((row, context) -> new Content(row.getBytes("archive"), row.getBytes("compiled")))
        .findOne();
  }

  /** Newest first. */
  List<MessageVersion> of(Handle handle, String message) {
    return handle
        .createQuery(
            """
            SELECT number, digest, published_at, published_by, because FROM message_version
             WHERE message = :message ORDER BY number DESC""")
        .bind("message", message)
        .map(
            (row, context) ->
                new MessageVersion(
                    row.getInt("number"),
                    row.getTimestamp("published_at").toInstant(),
                    row.getString("published_by"),
                    row.getString("because"),
                    MessageVersion.hex(row.getBytes("digest"))))
        .list();
  }

  boolean exists(Handle handle, String message, int number) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM message_version
                            WHERE message = :message AND number = :number)""")
        .bind("message", message)
        .bind("number", number)
        .mapTo(Boolean.class)
        .one();
  }

  /** Of the versions in force: SHA-256 over names and contents, by message. */
  Map<String, byte[]> digests(Handle handle) {
    return handle
        .createQuery(
            """
            SELECT m.id, v.digest
              FROM message m JOIN message_version v ON v.message = m.id AND v.number = m.version""")
        .reduceRows(
            new HashMap<String, byte[]>(),
            (all, row) -> {
              all.put(row.getColumn("id", String.class), row.getColumn("digest", byte[].class));
              return all;
            });
  }

  boolean has(Handle handle, String message, int number, byte[] digest) {
    return handle
        .createQuery("SELECT digest FROM message_version WHERE message = :message AND number = :n")
        .bind("message", message)
        .bind("n", number)
        .map((row, context) -> row.getBytes("digest"))
        .findOne()
        .filter(found -> Arrays.equals(found, digest))
        .isPresent();
  }

  /** Whether these files were ever a version of it. */
  boolean hadEver(Handle handle, String message, byte[] digest) {
    return handle
        .createQuery(
            """
            SELECT EXISTS (SELECT 1 FROM message_version
                            WHERE message = :message AND digest = :digest)""")
        .bind("message", message)
        .bind("digest", digest)
        .mapTo(Boolean.class)
        .one();
  }
}
