package dev.retour.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.config.Setting;
import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What an event asks for instead of what the policy says; null: as the policy says. Its explicit
 * end is the event's expiration.
 *
 * @param preset the name of a preset of the rules, in the place of the policy's schedule
 * @param attempts how many attempts, the first included
 * @param spacing the least distance between attempts
 * @param duration how long after queuing the mail may still be attempted
 */
public record RedeliveryRequest(
    @Nullable String preset,
    @Nullable Integer attempts,
    @Nullable Duration spacing,
    @Nullable Duration duration) {
  /** Nothing is asked for. */
  public static final RedeliveryRequest NONE = new RedeliveryRequest(null, null, null, null);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public boolean isEmpty() {
    return equals(NONE);
  }

  /**
   * Reads what was checked before it was stored.
   *
   * @param json {@code {"preset": …, "attempts": …, "spacing": …, "duration": …}}; null: nothing
   */
  public static RedeliveryRequest of(@Nullable String json) {
    if (json == null) {
      return NONE;
    }
    try {
      JsonNode fields = JSON.readTree(json);
      JsonNode attempts = fields.path("attempts");
      return new RedeliveryRequest(
          text(fields, "preset"),
          attempts.isInt() ? attempts.intValue() : null,
          duration(fields, "spacing"),
          duration(fields, "duration"));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored redelivery request cannot be read: " + json, e);
    }
  }

  String json() {
    var fields = JSON.createObjectNode();
    if (preset != null) {
      fields.put("preset", preset);
    }
    if (attempts != null) {
      fields.put("attempts", attempts);
    }
    if (spacing != null) {
      fields.put("spacing", spacing.toMillis() + "ms");
    }
    if (duration != null) {
      fields.put("duration", duration.toMillis() + "ms");
    }
    return fields.toString();
  }

  /** For people; empty when nothing is asked for. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    if (preset != null) {
      text.add("preset " + preset);
    }
    if (attempts != null) {
      text.add(attempts + " attempts");
    }
    if (spacing != null) {
      text.add("spacing " + RedeliverySchedule.text(spacing));
    }
    if (duration != null) {
      text.add("duration " + RedeliverySchedule.text(duration));
    }
    return text.toString();
  }

  private static @Nullable String text(JsonNode fields, String name) {
    return fields.path(name).isTextual() ? fields.path(name).asText() : null;
  }

  private static @Nullable Duration duration(JsonNode fields, String name) {
    String text = text(fields, name);
    return text == null ? null : Setting.parseDuration(text);
  }
}
