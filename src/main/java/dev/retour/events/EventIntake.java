package dev.retour.events;

import dev.retour.messages.EventType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes events in. What it calls accepted is committed; everything else left no trace. */
public final class EventIntake {
  private final EventReader reader;
  private final EventEntry entry;

  EventIntake(EventReader reader, EventEntry entry) {
    this.reader = reader;
    this.entry = entry;
  }

  /**
   * Takes one event in.
   *
   * @param eventType {@code EVT…} as asked for; any text
   * @param body the request as received; any bytes
   * @param idempotencyKey the caller's key for this intent, if it gave one
   */
  public IntakeAnswer accept(String eventType, byte[] body, @Nullable String idempotencyKey) {
    return accept(eventType, new EventReader.Request(body, idempotencyKey, false));
  }

  /**
   * The same for a body that comes as text from a table whose rows are the ERP's intents to send:
   * pressing send twice makes two rows, so the guard of documents always looks at them.
   */
  public IntakeAnswer acceptText(String eventType, String body, @Nullable String idempotencyKey) {
    return accept(
        eventType,
        new EventReader.Request(body.getBytes(StandardCharsets.UTF_8), idempotencyKey, true));
  }

  /**
   * The same for an event whose files came beside it.
   *
   * @param form as {@link Multipart#read} found it
   */
  public IntakeAnswer accept(String eventType, Multipart form, @Nullable String idempotencyKey) {
    return accept(
        eventType, new EventReader.Request(form.event(), idempotencyKey, false, form.files()));
  }

  private IntakeAnswer accept(String eventType, EventReader.Request request) {
    Optional<EventType> type = reader.type(eventType);
    if (type.isEmpty()) {
      return EventReader.isId(eventType)
          ? entry.refuse(eventType, List.of(reader.unread(eventType, request))).get(0)
          : new IntakeAnswer.UnknownType(eventType);
    }
    EventReader.Read read = reader.read(type.get(), request);
    return read instanceof EventReader.Read.Fits fits
        ? entry.enter(fits.event())
        : ((EventReader.Read.Refused) read).answer();
  }
}
