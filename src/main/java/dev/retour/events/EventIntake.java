package dev.retour.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.retour.delivery.Queue;
import dev.retour.mail.EmailAddress;
import dev.retour.messages.EventPayload;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import dev.retour.messages.PayloadFault;
import dev.retour.messages.PayloadReader;
import dev.retour.store.StoreFault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events in. What it calls accepted is committed; everything else left no trace. */
public final class EventIntake {
  private static final Logger log = LoggerFactory.getLogger(EventIntake.class);
  private static final int IDEMPOTENCY_KEY_CHARS_MAX = 200;
  private static final IntakeAnswer UNAVAILABLE =
      new IntakeAnswer.Unavailable("The database cannot commit. Nothing was accepted.");

  private final Messages messages;
  private final Queue queue;
  private final StoreGate gate;
  private final EventEntry entry;

  EventIntake(EventsConfig config, EventsModule.Needs needs) {
    this.entry = new EventEntry(config, needs);
    this.messages = needs.messages();
    this.queue = needs.queue();
    this.gate = new StoreGate(needs.clock());
  }

  /**
   * Takes one event in.
   *
   * @param eventType {@code EVT…} as asked for; any text
   * @param body the request as received; any bytes
   * @param idempotencyKey the caller's key for this intent, if it gave one
   */
  public IntakeAnswer accept(String eventType, byte[] body, @Nullable String idempotencyKey) {
    return accept(eventType, body, idempotencyKey, false);
  }

  private IntakeAnswer accept(
      String eventType, byte[] body, @Nullable String idempotencyKey, boolean outbox) {
    Optional<EventType> type = messages.published(eventType);
    if (type.isEmpty()) {
      return new IntakeAnswer.UnknownType(eventType);
    }
    if (idempotencyKey != null && idempotencyKey.length() > IDEMPOTENCY_KEY_CHARS_MAX) {
      return new IntakeAnswer.Invalid(
          List.of(
              new PayloadFault(
                  "",
                  "an Idempotency-Key of at most " + IDEMPOTENCY_KEY_CHARS_MAX + " characters",
                  idempotencyKey.length() + " characters")));
    }
    PayloadReader.Reading reading = messages.read(body);
    if (reading instanceof PayloadReader.Reading.Unreadable unreadable) {
      return new IntakeAnswer.Invalid(unreadable.faults());
    }
    JsonNode json = ((PayloadReader.Reading.Body) reading).json();
    List<PayloadFault> faults = type.get().validate(json);
    if (!faults.isEmpty()) {
      return new IntakeAnswer.Invalid(faults);
    }
    String preset = json.path("redelivery").path("preset").asText();
    if (!preset.isEmpty() && !queue.knowsPreset(preset)) {
      return new IntakeAnswer.Invalid(
          List.of(
              new PayloadFault(
                  "/redelivery/preset", "a preset of rules/redelivery.rules.yaml", preset)));
    }
    return accept(event(type.get(), json, new Request(body, idempotencyKey, outbox)));
  }

  /**
   * The same for a body that comes as text from a table whose rows are the ERP's intents to send:
   * pressing send twice makes two rows, so the guard of documents always looks at them.
   */
  public IntakeAnswer acceptText(String eventType, String body, @Nullable String idempotencyKey) {
    return accept(eventType, body.getBytes(StandardCharsets.UTF_8), idempotencyKey, true);
  }

  private IntakeAnswer accept(NewEvent event) {
    if (!gate.mayTry()) {
      return UNAVAILABLE;
    }
    try {
      IntakeAnswer answer = entry.enter(event);
      gate.works();
      return answer;
    } catch (JdbiException e) {
      if (!StoreFault.isAway(e)) {
        log.error("The database refused to store an event; its client got a 503.", e);
      } else if (gate.fails()) {
        log.error("The database cannot commit; events are refused with 503 until it can.", e);
      }
      return UNAVAILABLE;
    }
  }

  /** A request as it came. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  private record Request(byte[] body, @Nullable String idempotencyKey, boolean outbox) {}

  private static NewEvent event(EventType type, JsonNode json, Request request) {
    EventPayload payload = type.payload(json);
    EmailAddress email =
        EmailAddress.parse(payload.email())
            .orElseThrow(() -> new IllegalStateException("The check let a wrong address pass."));
    return new NewEvent(
        UUID.randomUUID(),
        type.id(),
        email,
        payload,
        request.idempotencyKey(),
        StoredDocument.sha256(request.body()),
        request.outbox());
  }
}
