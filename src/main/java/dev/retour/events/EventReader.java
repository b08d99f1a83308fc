package dev.retour.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.delivery.Queue;
import dev.retour.mail.EmailAddress;
import dev.retour.messages.Document;
import dev.retour.messages.EventPayload;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import dev.retour.messages.PayloadFault;
import dev.retour.messages.PayloadReader;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether bytes are an event of their type, and reads its values with the files it names.
 * Nothing is stored here.
 */
final class EventReader {
  static final int IDEMPOTENCY_KEY_CHARS_MAX = 200;
  private static final int ID_CHARS_MAX = 64;
  private static final String OWN_KEY = "idempotencyKey";

  private final Messages messages;
  private final Queue queue;
  private final Fetching files;
  private final EventIds ids;

  EventReader(Messages messages, Queue queue, Fetching files, EventIds ids) {
    this.messages = messages;
    this.queue = queue;
    this.files = files;
    this.ids = ids;
  }

  /** What came of it. */
  sealed interface Read {
    /** An event that fits its type. */
    record Fits(NewEvent event) implements Read {}

    /** What is answered instead. */
    record Refused(IntakeAnswer answer) implements Read {}
  }

  /**
   * Bytes as they came.
   *
   * @param numbered see {@link NewEvent}
   * @param files that came beside the body
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Request(
      byte[] body, @Nullable String idempotencyKey, boolean numbered, List<UploadedFile> files) {
    Request(byte[] body, @Nullable String idempotencyKey, boolean numbered) {
      this(body, idempotencyKey, numbered, List.of());
    }

    Request under(@Nullable String key, boolean isNumber) {
      return new Request(body, key, isNumber, files);
    }

    byte[] hash() {
      return MultipartFiles.hash(body, files);
    }
  }

  /** A request whose message this process does not know as in force. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  record Unread(Refusal refusal, byte[] hash) {}

  Optional<EventType> type(String eventType) {
    return messages.published(eventType);
  }

  /** What is kept of an event that is refused unread: only what can be told apart safely. */
  Unread unread(String eventType, Request request) {
    return unread(eventType, json(request), request);
  }

  /** The same for a line of a batch, whose own key counts as in {@link #readLine}. */
  Unread unreadLine(String eventType, Request line) {
    JsonNode json = json(line);
    JsonNode own = json.path(OWN_KEY);
    return unread(eventType, json, own.isMissingNode() ? line : line.under(own.textValue(), false));
  }

  private JsonNode json(Request request) {
    return messages.read(request.body()) instanceof PayloadReader.Reading.Body body
        ? body.json()
        : MissingNode.getInstance();
  }

  private static Unread unread(String eventType, JsonNode json, Request request) {
    String document = json.path("document").path("id").asText();
    Refusal refusal =
        new Refusal(
            eventType,
            EmailAddress.parse(json.path("email").asText()).map(EmailAddress::key).orElse(null),
            document.isEmpty() || !isPlain(document) ? null : document,
            keyFault("", request.idempotencyKey()).isPresent() ? null : request.idempotencyKey());
    return new Unread(refusal, request.hash());
  }

  private static boolean isPlain(String text) {
    return text.length() <= IDEMPOTENCY_KEY_CHARS_MAX
        && text.chars()
            .noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
  }

  /** Whether a message can have this id. */
  static boolean isId(String eventType) {
    return eventType.startsWith("EVT")
        && eventType.length() <= ID_CHARS_MAX
        && eventType
            .chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
  }

  Read read(EventType type, Request request) {
    Optional<PayloadFault> fault = keyFault("", request.idempotencyKey());
    if (fault.isPresent()) {
      return refused(List.of(fault.get()));
    }
    PayloadReader.Reading reading = messages.read(request.body());
    return reading instanceof PayloadReader.Reading.Body body
        ? read(type, body.json(), request)
        : refused(((PayloadReader.Reading.Unreadable) reading).faults());
  }

  /** The same for a line of a batch, which may bring a key of its own as a member. */
  Read readLine(EventType type, Request line) {
    PayloadReader.Reading reading = messages.read(line.body());
    if (reading instanceof PayloadReader.Reading.Unreadable unreadable) {
      return refused(unreadable.faults());
    }
    JsonNode json = ((PayloadReader.Reading.Body) reading).json();
    if (!(json instanceof ObjectNode object) || !object.has(OWN_KEY)) {
      return read(type, json, line);
    }
    JsonNode own = object.remove(OWN_KEY);
    Optional<PayloadFault> fault =
        own.isTextual()
            ? keyFault("/" + OWN_KEY, own.textValue())
            : Optional.of(new PayloadFault("/" + OWN_KEY, "a text", own.toString()));
    return fault.isPresent()
        ? refused(List.of(fault.get()))
        : read(type, json, line.under(own.textValue(), false));
  }

  /** What is wrong with a key of the caller, if it gave one. */
  static Optional<PayloadFault> keyFault(String pointer, @Nullable String key) {
    if (key == null) {
      return Optional.empty();
    }
    if (key.isBlank() || key.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(
          new PayloadFault(
              pointer, "an Idempotency-Key of visible characters", "blank or control characters"));
    }
    return key.length() <= IDEMPOTENCY_KEY_CHARS_MAX
        ? Optional.empty()
        : Optional.of(
            new PayloadFault(
                pointer,
                "an Idempotency-Key of at most " + IDEMPOTENCY_KEY_CHARS_MAX + " characters",
                key.length() + " characters"));
  }

  private Read read(EventType type, JsonNode json, Request request) {
    Optional<PayloadFault> misplaced = MultipartFiles.addTo(json, request.files());
    List<PayloadFault> faults =
        misplaced.isPresent() ? List.of(misplaced.get()) : type.validate(json);
    if (!faults.isEmpty()) {
      return refused(faults);
    }
    String preset = json.path("redelivery").path("preset").asText();
    if (!preset.isEmpty() && !queue.knowsPreset(preset)) {
      return refused(
          List.of(
              new PayloadFault(
                  "/redelivery/preset", "a preset of rules/redelivery.rules.yaml", preset)));
    }
    byte[] hash = request.hash();
    Fetching.Fetched fetched = files.of(type, json, request.idempotencyKey(), hash);
    if (fetched instanceof Fetching.Fetched.Instead instead) {
      return new Read.Refused(instead.answer());
    }
    EventPayload payload =
        EventType.unchecked(json, ((Fetching.Fetched.Files) fetched).byPointer());
    EmailAddress email =
        type.isProfile()
            ? null
            : EmailAddress.parse(payload.email())
                .orElseThrow(
                    () -> new IllegalStateException("The check let a wrong address pass."));
    Document document = payload.document();
    String documentId = document == null ? null : document.id();
    return new Read.Fits(
        new NewEvent(
            ids.next(),
            type.id(),
            email,
            email == null ? type.recipientKey(payload.ctx(), documentId) : email.key(),
            payload,
            request.idempotencyKey(),
            hash,
            request.numbered()));
  }

  private static Read refused(List<PayloadFault> faults) {
    return new Read.Refused(new IntakeAnswer.Invalid(faults));
  }
}
