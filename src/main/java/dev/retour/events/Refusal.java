package dev.retour.events;

import dev.retour.messages.Document;
import org.jspecify.annotations.Nullable;

/**
 * An event that was refused because its message takes none: what is kept of it, so that nothing is
 * ever without a trace (spec C11.4).
 */
record Refusal(
    String eventType,
    @Nullable String emailKey,
    @Nullable String documentId,
    @Nullable String idempotencyKey) {

  static Refusal of(NewEvent event) {
    Document document = event.payload().document();
    return new Refusal(
        event.eventType(),
        event.email() == null ? null : event.email().key(),
        document == null ? null : document.id(),
        event.idempotencyKey());
  }
}
