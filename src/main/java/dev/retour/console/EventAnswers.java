package dev.retour.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.events.EventJson;
import java.util.UUID;

/** The JSON that the event endpoints share. All times are ISO 8601 in UTC. */
final class EventAnswers {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SHOWN_CHARS_MAX = 80;

  private EventAnswers() {}

  /** The answer to an accepted event. */
  record Taken(String pkey, String href, String eventType, String status) {}

  static String href(String eventType, UUID pkey) {
    return EventJson.href(eventType, pkey);
  }

  static Answer json(int status, Object value) {
    try {
      return Answer.of(status, "application/json", JSON.writeValueAsBytes(value))
          .with("Cache-Control", "no-store")
          .with("X-Content-Type-Options", "nosniff");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts can always be written as JSON", e);
    }
  }

  static Answer unknownType(String eventType) {
    return unknownTypeProblem(eventType).toAnswer();
  }

  static Problem unknownTypeProblem(String eventType) {
    return Problem.of(
        "unknown-event-type",
        404,
        "There is no such event type",
        "No message that takes events belongs to the event type "
            + VisibleText.cut(VisibleText.of(eventType), SHOWN_CHARS_MAX)
            + ". A folder in messages/ does so once it is published. Nothing was accepted.");
  }
}
