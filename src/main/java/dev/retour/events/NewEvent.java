package dev.retour.events;

import dev.retour.mail.EmailAddress;
import dev.retour.messages.Attachment;
import dev.retour.messages.Document;
import dev.retour.messages.EventPayload;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event whose body was found to fit its type.
 *
 * @param email null: the recipient of a profile event, which is not known yet
 * @param recipientKey the key of the address, or what stands for it until it is known
 * @param numbered its key is the number of a row or line, which tells one read twice, not an intent
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
record NewEvent(
    UUID id,
    String eventType,
    @Nullable EmailAddress email,
    String recipientKey,
    EventPayload payload,
    @Nullable String idempotencyKey,
    byte[] requestHash,
    boolean numbered) {

  /** Of its files. */
  long fileBytes() {
    return fileBytes(payload);
  }

  /** Of the files in a payload. */
  static long fileBytes(EventPayload payload) {
    Document document = payload.document();
    Attachment first = document == null ? null : document.attachment();
    long bytes = first == null ? 0 : first.bytes().length;
    for (Attachment each : payload.attachments()) {
      bytes += each.bytes().length;
    }
    return bytes;
  }
}
