package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of asking other databases for the values of an event. */
public sealed interface EnrichmentAnswer {
  /**
   * All is there.
   *
   * @param values to be kept with the event, for {@link EventType#enriched}
   * @param recipient of a profile event; null: the event brought it
   */
  record Found(JsonNode values, @Nullable String recipient) implements EnrichmentAnswer {}

  /** Nothing is there yet, and it is to be looked for again. */
  record Missing(String because, Duration waitUpTo, Duration every) implements EnrichmentAnswer {}

  /** There will be no mail: nothing, several, or values that are not what the message needs. */
  record Failed(String because) implements EnrichmentAnswer {}

  /** A source does not answer, or refuses the statement: a person or time will mend it. */
  record Later(String because, boolean away) implements EnrichmentAnswer {}
}
