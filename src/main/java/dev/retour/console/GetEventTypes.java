package dev.retour.console;

import dev.retour.events.EventJson;
import dev.retour.events.EventLog;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/event-types}: what can be posted, and what nobody posts any more. */
public final class GetEventTypes {
  private static final int DAYS_MAX = 3_650;
  private static final Set<String> STATES = Set.of("draft", "published", "paused", "deleted");

  private final EventLog events;
  private final Messages messages;

  GetEventTypes(EventLog events, Messages messages) {
    this.events = events;
    this.messages = messages;
  }

  /** All, or by {@code state}; with {@code silent-days=n} those without an event since n days. */
  public Answer page(@Nullable String query) {
    return ApiAnswers.of(
        () -> {
          ApiParameters parameters = ApiParameters.of(query, null, Set.of("state", "silent-days"));
          String state = parameters.all().get("state");
          if (state != null && !STATES.contains(state)) {
            throw new IllegalArgumentException("state is draft, published, paused or deleted.");
          }
          long days = parameters.number("silent-days", -1, DAYS_MAX);
          return EventAnswers.json(
              200, EventJson.of(events.types(state, days < 0 ? null : Duration.ofDays(days))));
        });
  }

  /** The JSON Schema (2020-12) of a type's request body, as it is in force. */
  public Answer schema(@Nullable String eventType) {
    String type = String.valueOf(eventType);
    return ApiAnswers.of(
        () ->
            messages
                .published(type)
                .map(EventType::jsonSchema)
                .map(schema -> EventAnswers.json(200, schema))
                .orElseGet(() -> EventAnswers.unknownType(type)));
  }
}
