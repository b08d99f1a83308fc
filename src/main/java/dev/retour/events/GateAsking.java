package dev.retour.events;

import dev.retour.messages.Document;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRequest;
import java.util.Objects;

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
    String type = event.eventType();
    return GateRequest.arriving(
        Objects.requireNonNull(event.email(), "known").key(),
        type,
        messages.published(type).flatMap(EventType::category).orElse(null),
        document == null ? null : document.id(),
        gate.names(type) ? event.payload().ctx().toString() : null);
  }
}
