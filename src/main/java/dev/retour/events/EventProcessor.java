package dev.retour.events;

import dev.retour.delivery.NewPackage;
import dev.retour.delivery.OnUncertain;
import dev.retour.delivery.Queue;
import dev.retour.delivery.RedeliveryRequest;
import dev.retour.delivery.Role;
import dev.retour.events.EventStore.Beginning;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.SigningException;
import dev.retour.messages.DeliveryWishes;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import dev.retour.messages.RenderException;
import dev.retour.messages.RenderRequest;
import dev.retour.messages.RenderedMail;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.GateAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns due events into work packages. Rendering, queuing and the event's change of state are one
 * transaction: a crash anywhere leaves the event pending, and no mail is queued twice.
 */
public final class EventProcessor {
  private static final Logger log = LoggerFactory.getLogger(EventProcessor.class);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final EventsConfig config;
  private final Messages messages;
  private final Queue queue;
  private final AddressBook addresses;
  private final String messageIdDomain;
  private final MailSigner signer;
  private final EventStore store = new EventStore();

  EventProcessor(EventsConfig config, EventsModule.Needs needs) {
    this.config = config;
    this.jdbi = needs.jdbi();
    this.clock = needs.clock();
    this.messages = needs.messages();
    this.queue = needs.queue();
    this.addresses = needs.addresses();
    this.messageIdDomain = needs.messageIdDomain();
    this.signer = needs.signer();
  }

  /**
   * Processes what is due, one event per transaction.
   *
   * @return how many events were looked at
   */
  public int processDue() {
    int processed = 0;
    while (processed < config.batch() && jdbi.inTransaction(this::processNext)) {
      processed++;
    }
    return processed;
  }

  private boolean processNext(Handle handle) {
    Instant now = clock.instant();
    Optional<DueEvent> due = store.nextDue(handle, now);
    due.ifPresent(event -> process(handle, event, now));
    return due.isPresent();
  }

  private void process(Handle handle, DueEvent event, Instant now) {
    Instant tooOldAt =
        event.expiration() != null
            ? event.expiration()
            : event.receivedAt().plus(config.validity());
    if (!now.isBefore(tooOldAt)) {
      end(handle, event, "tooOld", null, tooOldSentence(event), now);
      return;
    }
    Optional<EventType> type = messages.library().find(event.eventType());
    if (type.isEmpty()) {
      String fault =
          "There is no message " + event.eventType() + " at the moment; the event waits for it.";
      postpone(handle, event, fault, now);
      return;
    }
    EmailAddress recipient = recipient(event);
    GateAnswer gate = addresses.gate(recipient.key());
    // With several recipients each has a state of its own: the gate before sending decides.
    boolean alone = event.wishes().copies().isEmpty();
    if (alone && gate instanceof GateAnswer.Closed closed) {
      end(handle, event, "ignored", closed.reason().code(), closed.because(), now);
      return;
    }
    try {
      queue.enqueue(
          handle,
          rendered(event, type.get(), recipient, now),
          RedeliveryRequest.of(event.redelivery()));
      store.processing(handle, event.id(), now);
      log.atInfo().addKeyValue("event", event.id()).log("Queued as {}", event.eventType());
    } catch (RenderException | SigningException e) {
      postpone(handle, event, e.getMessage(), now);
    }
  }

  private NewPackage rendered(DueEvent event, EventType type, EmailAddress recipient, Instant now)
      throws SigningException {
    String messageId = "<" + event.id() + "@" + messageIdDomain + ">";
    RenderedMail mail =
        type.render(
            new RenderRequest(
                recipient.text(),
                event.wishes().cc(),
                StoredDocument.tree(event.ctx()),
                StoredDocument.read(event.document(), event.attachment()),
                messageId,
                event.receivedAt()));
    return new NewPackage(
        event.id(),
        event.eventType(),
        event.documentId(),
        recipient,
        type.priority(),
        type.onUncertain() == dev.retour.messages.OnUncertain.HOLD
            ? OnUncertain.HOLD
            : OnUncertain.RESEND,
        expires(event, type, recipient, now),
        messageId,
        mail.subject(),
        signer.sign(mail.raw(), sender(type), recipient.domain(), now),
        terms(event));
  }

  private static NewPackage.Terms terms(DueEvent event) {
    DeliveryWishes wishes = event.wishes();
    List<NewPackage.Copy> copies =
        Stream.concat(copies(wishes.cc(), Role.CC), copies(wishes.bcc(), Role.BCC)).toList();
    Instant from =
        event.scheduled() != null && event.scheduled().isAfter(event.receivedAt())
            ? event.scheduled()
            : event.receivedAt();
    return new NewPackage.Terms(
        "mail",
        copies,
        wishes.inCharge(),
        wishes.tellAfter() == null ? null : from.plus(wishes.tellAfter()));
  }

  private static Stream<NewPackage.Copy> copies(List<String> addresses, Role role) {
    return addresses.stream()
        .flatMap(text -> EmailAddress.parse(text).stream())
        .map(address -> new NewPackage.Copy(address, role));
  }

  /** The earliest of what the event, its message and its redelivery policy say. */
  private Instant expires(DueEvent event, EventType type, EmailAddress recipient, Instant now) {
    Instant byMessage = now.plus(type.validity());
    Instant byPolicy =
        queue.endOfValidity(
            event.eventType(), recipient.domain(), RedeliveryRequest.of(event.redelivery()));
    Instant earliest = byPolicy.isBefore(byMessage) ? byPolicy : byMessage;
    return event.expiration() != null && event.expiration().isBefore(earliest)
        ? event.expiration()
        : earliest;
  }

  private void postpone(Handle handle, DueEvent event, @Nullable String fault, Instant now) {
    Duration wait = config.retryFirst().multipliedBy(1L << Math.min(event.tries(), 20));
    Duration bounded = wait.compareTo(config.retryMax()) > 0 ? config.retryMax() : wait;
    store.postponed(handle, event.id(), String.valueOf(fault), now.plus(bounded), now);
    log.atWarn()
        .addKeyValue("event", event.id())
        .log("Not queued, tried again in {} s: {}", bounded.toSeconds(), fault);
  }

  private void end(
      Handle handle,
      DueEvent event,
      String status,
      @Nullable Integer reason,
      String sentence,
      Instant now) {
    store.ended(handle, event.id(), new Beginning(status, reason, sentence, null), now);
    log.atInfo().addKeyValue("event", event.id()).log("{}: {}", status, sentence);
  }

  private static String tooOldSentence(DueEvent event) {
    return event.expiration() != null
        ? "Its own expiration passed before it could be processed."
        : "It could not be processed within the validity of an event.";
  }

  private static EmailAddress sender(EventType type) {
    return EmailAddress.parse(type.from())
        .orElseThrow(() -> new IllegalStateException(type.id() + " has an unusable sender."));
  }

  private static EmailAddress recipient(DueEvent event) {
    return EmailAddress.parse(event.email())
        .orElseThrow(
            () -> new IllegalStateException("Event " + event.id() + " has an unusable address."));
  }
}
