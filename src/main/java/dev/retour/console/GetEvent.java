package dev.retour.console;

import dev.retour.events.EventJson;
import dev.retour.events.EventLog;
import dev.retour.events.EventView;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /api/v1/events/{eventType}/{pkey}}: where an event is, and why (spec C4). */
public final class GetEvent {
  private static final Logger log = LoggerFactory.getLogger(GetEvent.class);
  private static final int UUID_CHARS = 36;

  private final EventLog events;

  GetEvent(EventLog events) {
    this.events = events;
  }

  /** Answers the event's status, or a 404 that says what is unknown. */
  public Answer answer(@Nullable String eventType, @Nullable String pkey) {
    Optional<UUID> key = uuid(pkey);
    if (eventType == null || key.isEmpty()) {
      return unknown();
    }
    try {
      return events.find(eventType, key.get()).map(this::found).orElseGet(GetEvent::unknown);
    } catch (JdbiException e) {
      log.warn("An event's status could not be read; its client got a 503.", e);
      return Problem.of(
              "store-unavailable",
              503,
              "The event cannot be read now",
              "What was accepted is safe. Ask again later.")
          .toAnswer();
    }
  }

  private Answer found(EventView event) {
    return EventAnswers.json(200, EventJson.of(event, events.enriched(event.pkey())));
  }

  private static Answer unknown() {
    return Problem.of(
            "unknown-event",
            404,
            "There is no such event",
            "No event of this type has this pkey. Events are forgotten after their retention.")
        .toAnswer();
  }

  private static Optional<UUID> uuid(@Nullable String text) {
    if (text == null || text.length() != UUID_CHARS) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}
