package dev.retour.events;

import dev.retour.delivery.NewPackage;
import dev.retour.delivery.OnUncertain;
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
import dev.retour.store.StoreFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Turns due events into work packages. An event is taken for a short time, rendered and signed
 * outside of any transaction by as many threads as there are processors; queuing and the event's
 * change of state are one transaction, which fails unless the event is still ours: a crash anywhere
 * leaves it pending, and no mail is queued twice.
 */
public final class EventProcessor {
  private static final Logger log = LoggerFactory.getLogger(EventProcessor.class);

  /** How long nobody else tries an event; only promptness after a crash depends on it. */
  private static final Duration TAKEN_FOR = Duration.ofSeconds(30);

  private static final int TAKEN_MAX = 64;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final EventsConfig config;
  private final Messages messages;
  private final dev.retour.delivery.Queue queue;
  private final AddressBook addresses;
  private final String messageIdDomain;
  private final MailSigner signer;
  private final EventStore store = new EventStore();
  private final Workers workers = new Workers("event", Runtime.getRuntime().availableProcessors());

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
   * Processes what is due: rendered and signed several at a time, then queued a page at a time, so
   * that the disk is asked once for all of them.
   *
   * @return how many events were looked at
   */
  public int processDue() {
    int processed = 0;
    while (processed < config.batch()) {
      int max = Math.min(TAKEN_MAX, config.batch() - processed);
      Instant now = clock.instant();
      // A database keeps microseconds, and this time is compared.
      Instant until = now.plus(TAKEN_FOR).truncatedTo(ChronoUnit.MICROS);
      List<DueEvent> taken = jdbi.inTransaction(handle -> store.take(handle, max, until, now));
      process(taken, now);
      processed += taken.size();
      if (taken.size() < max) {
        return processed;
      }
    }
    return processed;
  }

  private void process(List<DueEvent> taken, Instant now) {
    List<String> keys = taken.stream().map(event -> recipient(event).key()).toList();
    Map<String, GateAnswer> gates = new HashMap<>();
    List<GateAnswer> answers = taken.isEmpty() ? List.of() : addresses.gates(keys);
    for (int i = 0; i < answers.size(); i++) {
      gates.put(keys.get(i), answers.get(i));
    }
    Queue<Step> steps = new ConcurrentLinkedQueue<>();
    try {
      workers.forEach(taken, event -> steps.add(step(event, gates, now)));
    } finally {
      finish(
          steps.stream().sorted(Comparator.comparing(each -> each.event().receivedAt())).toList());
    }
  }

  /**
   * What is to become of an event.
   *
   * @param change makes it so; false when the event is no longer ours
   * @param sentence for the log
   */
  private record Step(DueEvent event, Predicate<Handle> change, String sentence) {}

  /** All in one transaction; when one is at fault each alone, so that none fails for another. */
  private void finish(List<Step> steps) {
    if (steps.isEmpty()) {
      return;
    }
    List<Boolean> ours;
    try {
      ours =
          jdbi.inTransaction(
              handle -> steps.stream().map(each -> each.change().test(handle)).toList());
    } catch (JdbiException e) {
      if (steps.size() == 1 || StoreFault.isAway(e)) {
        throw e;
      }
      log.warn("Of {} events one cannot be stored; each is tried alone.", steps.size(), e);
      workers.forEach(steps, each -> finish(List.of(each)));
      return;
    }
    for (int i = 0; i < steps.size(); i++) {
      note(steps.get(i).event(), ours.get(i)).log(steps.get(i).sentence());
    }
  }

  private Step step(DueEvent event, Map<String, GateAnswer> gates, Instant now) {
    Instant tooOldAt =
        event.expiration() != null
            ? event.expiration()
            : event.receivedAt().plus(config.validity());
    if (!now.isBefore(tooOldAt)) {
      return end(event, "tooOld", null, tooOldSentence(event), now);
    }
    Optional<EventType> type = messages.library().find(event.eventType());
    if (type.isEmpty()) {
      String fault =
          "There is no message " + event.eventType() + " at the moment; the event waits for it.";
      return postpone(event, fault, now);
    }
    EmailAddress recipient = recipient(event);
    // With several recipients each has a state of its own: the gate before sending decides.
    boolean alone = event.wishes().copies().isEmpty();
    if (alone && gates.get(recipient.key()) instanceof GateAnswer.Closed closed) {
      return end(event, "ignored", closed.reason().code(), closed.because(), now);
    }
    try {
      return queue(event, rendered(event, type.get(), recipient, now), now);
    } catch (RenderException | SigningException e) {
      return postpone(event, e.getMessage(), now);
    }
  }

  private Step queue(DueEvent event, NewPackage mail, Instant now) {
    return new Step(
        event,
        handle -> {
          if (!store.processing(handle, event, now)) {
            return false;
          }
          queue.enqueue(handle, mail, RedeliveryRequest.of(event.redelivery()));
          return true;
        },
        "Queued as " + event.eventType());
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
                StoredDocument.read(
                    event.document(),
                    event.hasAttachment()
                        ? jdbi.withHandle(handle -> store.attachment(handle, event))
                        : null),
                messageId,
                event.receivedAt()));
    NewPackage.Terms terms = terms(event);
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
        signer.sign(mail.raw(), sender(type), domains(recipient, terms), now),
        terms);
  }

  private static Set<String> domains(EmailAddress recipient, NewPackage.Terms terms) {
    Set<String> domains = new LinkedHashSet<>();
    domains.add(recipient.domain());
    terms.copies().forEach(copy -> domains.add(copy.recipient().domain()));
    return domains;
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

  private Step postpone(DueEvent event, @Nullable String fault, Instant now) {
    Duration wait = config.retryFirst().multipliedBy(1L << Math.min(event.tries(), 20));
    Duration bounded = wait.compareTo(config.retryMax()) > 0 ? config.retryMax() : wait;
    Instant due = now.plus(bounded);
    return new Step(
        event,
        handle -> store.postponed(handle, event, String.valueOf(fault), due, now),
        "Not queued, tried again in " + bounded.toSeconds() + " s: " + fault);
  }

  private Step end(
      DueEvent event, String status, @Nullable Integer reason, String sentence, Instant now) {
    Beginning end = new Beginning(status, reason, sentence, null);
    return new Step(
        event, handle -> store.ended(handle, event, end, now), status + ": " + sentence);
  }

  private static LoggingEventBuilder note(DueEvent event, boolean ours) {
    return (ours ? log.atInfo() : log.atDebug())
        .addKeyValue("event", event.id())
        .addKeyValue("ours", ours);
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
