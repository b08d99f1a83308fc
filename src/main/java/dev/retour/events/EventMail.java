package dev.retour.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.delivery.NewPackage;
import dev.retour.delivery.Queue;
import dev.retour.delivery.RedeliveryRequest;
import dev.retour.delivery.Role;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.SigningException;
import dev.retour.mail.UnsubscribeLink;
import dev.retour.messages.DeliveryWishes;
import dev.retour.messages.EventType;
import dev.retour.messages.RenderException;
import dev.retour.messages.RenderRequest;
import dev.retour.messages.RenderedMail;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Makes the mail of an event: rendered and signed, with all that its work package needs. */
final class EventMail {
  private final Jdbi jdbi;
  private final Queue queue;
  private final String messageIdDomain;
  private final MailSigner signer;
  private final UnsubscribeLink unsubscribe;
  private final AttachmentStore attachments = new AttachmentStore();

  EventMail(EventsModule.Needs needs) {
    this.jdbi = needs.jdbi();
    this.queue = needs.queue();
    this.messageIdDomain = needs.messageIdDomain();
    this.signer = needs.signer();
    this.unsubscribe = needs.unsubscribe();
  }

  /**
   * Opens no transaction, as rendering and signing take their time.
   *
   * @throws RenderException when its message cannot be rendered for this event
   * @throws SigningException when it is to be signed and cannot be
   */
  NewPackage of(DueEvent event, EventType type, EmailAddress recipient, Instant now)
      throws SigningException {
    String messageId = "<" + event.id() + "@" + messageIdDomain + ">";
    Map<Integer, byte[]> files =
        event.hasFiles()
            ? jdbi.withHandle(handle -> attachments.files(handle, event.id()))
            : Map.of();
    RenderedMail mail =
        type.render(
            new RenderRequest(
                recipient.text(),
                event.wishes().cc(),
                ctx(event),
                StoredDocument.read(event.document(), files),
                StoredDocument.readAll(event.attachments(), files),
                messageId,
                event.receivedAt(),
                "",
                unsubscribe(event, type, now)));
    NewPackage.Terms terms = terms(event, type, recipient);
    return new NewPackage(
        event.id(),
        event.eventType(),
        event.documentId(),
        recipient,
        type.priority(),
        type.onUncertain(),
        expires(event, type, recipient, terms.redelivery(), now),
        messageId,
        mail.subject(),
        signer.sign(mail.raw(), sender(type), domains(recipient, terms), now),
        terms);
  }

  /** What the event brought, and what other databases said of it. */
  private static JsonNode ctx(DueEvent event) {
    JsonNode ctx = StoredDocument.tree(event.ctx());
    String values = event.enriched().values();
    return values == null ? ctx : EventType.enriched(ctx, StoredDocument.tree(values));
  }

  private static Set<String> domains(EmailAddress recipient, NewPackage.Terms terms) {
    Set<String> domains = new LinkedHashSet<>();
    domains.add(recipient.domain());
    terms.copies().forEach(copy -> domains.add(copy.recipient().domain()));
    return domains;
  }

  private @Nullable String unsubscribe(DueEvent event, EventType type, Instant now) {
    return type.category().flatMap(category -> unsubscribe.of(event.id(), now)).orElse(null);
  }

  private static NewPackage.Terms terms(DueEvent event, EventType type, EmailAddress recipient) {
    DeliveryWishes wishes = event.wishes();
    List<NewPackage.Copy> copies =
        Stream.concat(copies(wishes.cc(), Role.CC), copies(wishes.bcc(), Role.BCC))
            // Who posted a profile event could not know that its recipient is one of them.
            .filter(copy -> !copy.recipient().key().equals(recipient.key()))
            .toList();
    return new NewPackage.Terms(
        "mail",
        copies,
        wishes.inCharge(),
        wishes.tellAfter() == null ? null : event.from().plus(wishes.tellAfter()),
        RedeliveryRequest.of(event.redelivery()),
        type.category().orElse(null));
  }

  private static Stream<NewPackage.Copy> copies(List<String> addresses, Role role) {
    return addresses.stream()
        .flatMap(text -> EmailAddress.parse(text).stream())
        .map(address -> new NewPackage.Copy(address, role));
  }

  /** The earliest of what the event, its message and its redelivery policy say. */
  private Instant expires(
      DueEvent event,
      EventType type,
      EmailAddress recipient,
      RedeliveryRequest redelivery,
      Instant now) {
    Instant byMessage = now.plus(type.validity());
    Instant byPolicy = queue.endOfValidity(event.eventType(), recipient.domain(), redelivery);
    Instant earliest = byPolicy.isBefore(byMessage) ? byPolicy : byMessage;
    return event.expiration() != null && event.expiration().isBefore(earliest)
        ? event.expiration()
        : earliest;
  }

  static EmailAddress sender(EventType type) {
    return EmailAddress.parse(type.from())
        .orElseThrow(() -> new IllegalStateException(type.id() + " has an unusable sender."));
  }
}
