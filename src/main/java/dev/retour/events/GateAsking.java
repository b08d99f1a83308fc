package dev.retour.events;

import dev.retour.mail.EmailAddress;
import dev.retour.messages.Document;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRequest;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How an event that comes in asks the gate. */
final class GateAsking {
  private final Messages messages;
  private final Gate gate;

  GateAsking(EventsModule.Needs needs) {
    this.messages = needs.messages();
    this.gate = needs.addresses().gate();
  }

  /** One whose recipient is known; fields are written out only when a rule may compare them. */
  GateRequest of(NewEvent event) {
    Document document = event.payload().document();
    String key = Objects.requireNonNull(event.email(), "known").key();
    String id = document == null ? null : document.id();
    return of(event.eventType(), key, id, () -> event.payload().ctx().toString());
  }

  /** One whose recipient became known only now. */
  GateRequest of(DueEvent event, EmailAddress recipient) {
    return of(event.eventType(), recipient.key(), event.documentId(), event::ctx);
  }

  private GateRequest of(
      String type, String recipientKey, @Nullable String document, Supplier<String> fields) {
    return GateRequest.arriving(
        recipientKey,
        type,
        messages.published(type).flatMap(EventType::category).orElse(null),
        document,
        gate.names(type) ? fields.get() : null);
  }
}
