package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one mail is made of. The same request gives the same bytes.
 *
 * @param recipient the address of the To field, without a name
 * @param cc the addresses of the Cc field; blind copies are in no field
 * @param ctx the fields of the event, as they passed {@link EventType#validate}
 * @param document what the mail is about, or null
 * @param attachments the files beside it, in order
 * @param messageId the Message-ID with angle brackets (RFC 5322 section 3.6.4)
 * @param date the Date field
 * @param subjectPrefix what stands before the subject, such as {@code Proof 2: }; mostly empty
 * @param unsubscribe where the recipient unsubscribes (RFC 8058); null: nowhere, or a try
 */
public record RenderRequest(
    String recipient,
    List<String> cc,
    JsonNode ctx,
    @Nullable Document document,
    List<Attachment> attachments,
    String messageId,
    Instant date,
    String subjectPrefix,
    @Nullable String unsubscribe) {
  private static final int MESSAGE_ID_CHARS_MAX = 250;

  /** A mail to one recipient without files beside its document. */
  public RenderRequest(
      String recipient, JsonNode ctx, @Nullable Document document, String messageId, Instant date) {
    this(recipient, List.of(), ctx, document, List.of(), messageId, date);
  }

  /** The mail of an event to its first recipient. */
  public static RenderRequest of(EventPayload event, String messageId, Instant date) {
    return new RenderRequest(
        event.email(),
        List.of(),
        event.ctx(),
        event.document(),
        event.attachments(),
        messageId,
        date);
  }

  /** All that travels with the mail: the document's own file first. */
  List<Attachment> files() {
    Attachment first = document == null ? null : document.attachment();
    return first == null
        ? attachments
        : Stream.concat(Stream.of(first), attachments.stream()).toList();
  }

  /** A mail nobody can unsubscribe from. */
  public RenderRequest(
      String recipient,
      List<String> cc,
      JsonNode ctx,
      @Nullable Document document,
      List<Attachment> attachments,
      String messageId,
      Instant date,
      String subjectPrefix) {
    this(recipient, cc, ctx, document, attachments, messageId, date, subjectPrefix, null);
  }

  /** The same whose subject is as its message says. */
  public RenderRequest(
      String recipient,
      List<String> cc,
      JsonNode ctx,
      @Nullable Document document,
      List<Attachment> attachments,
      String messageId,
      Instant date) {
    this(recipient, cc, ctx, document, attachments, messageId, date, "", null);
  }

  /** Checks what goes into header fields. */
  public RenderRequest {
    cc = List.copyOf(cc);
    attachments = List.copyOf(attachments);
    if (!cc.stream().allMatch(AddressFormat::isValid)) {
      throw new IllegalArgumentException("A copy goes to no mail address; nothing is rendered.");
    }
    if (!AddressFormat.isValid(recipient)) {
      throw new IllegalArgumentException("The recipient is no mail address; nothing is rendered.");
    }
    if (!isMessageId(messageId)) {
      throw new IllegalArgumentException(
          "A Message-ID has the form <left@right>, in ASCII without white space, at most "
              + MESSAGE_ID_CHARS_MAX
              + " characters; nothing is rendered.");
    }
  }

  /** The same with another link. */
  RenderRequest unsubscribingAt(String link) {
    return new RenderRequest(
        recipient, cc, ctx, document, attachments, messageId, date, subjectPrefix, link);
  }

  private static boolean isMessageId(String text) {
    boolean framed =
        text.length() >= 5
            && text.length() <= MESSAGE_ID_CHARS_MAX
            && text.startsWith("<")
            && text.endsWith(">")
            && text.indexOf('@') > 1;
    return framed
        && text.substring(1, text.length() - 1)
            .chars()
            .allMatch(c -> c > ' ' && c < 127 && c != '<' && c != '>');
  }
}
