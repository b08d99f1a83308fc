package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request body that passed {@link EventType#validate}, with its values read (spec C4).
 *
 * @param email the recipient; empty as long as that of a profile event is not known
 * @param ctx the fields of the event
 * @param document what the mail is about, or null
 * @param attachments the files beside it, in order
 * @param scheduled not to be processed before; null means at once
 * @param expiration to be given up after; null means the validity of the event type
 * @param redelivery what the event asks for instead of the redelivery rules, or null
 * @param wishes further recipients, and who is told
 */
public record EventPayload(
    String email,
    JsonNode ctx,
    @Nullable Document document,
    List<Attachment> attachments,
    @Nullable Instant scheduled,
    @Nullable Instant expiration,
    @Nullable JsonNode redelivery,
    DeliveryWishes wishes) {
  /** Copies the list. */
  public EventPayload {
    attachments = List.copyOf(attachments);
  }
}
