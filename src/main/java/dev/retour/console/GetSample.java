package dev.retour.console;

import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/event-types/{eventType}/sample}: a payload that would be accepted, to start
 * from.
 */
public final class GetSample {
  private final Messages messages;

  GetSample(Messages messages) {
    this.messages = messages;
  }

  public Answer answer(@Nullable String eventType) {
    String type = String.valueOf(eventType);
    return ApiAnswers.of(
        () ->
            messages
                .published(type)
                .map(EventType::sample)
                .map(sample -> EventAnswers.json(200, sample))
                .orElseGet(() -> EventAnswers.unknownType(type)));
  }
}
