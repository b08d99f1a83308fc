package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Setting;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The member {@code redelivery} of a request body: what an event asks for instead of the rules. */
final class RedeliveryFields {
  private static final int ATTEMPTS_MAX = 100;
  private static final int TEXT_CHARS_MAX = 64;
  private static final String LENGTH = "a length of time such as 30s, 5m, 3h, 5d, ";

  private RedeliveryFields() {}

  static ObjectNode schema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.put(
        "description",
        "When this mail is tried again, instead of what rules/redelivery.rules.yaml says.");
    schema.put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    text(properties, "preset", "A schedule named in the rules, such as short-lived.");
    ObjectNode attempts = properties.putObject("attempts").put("type", "integer");
    attempts.put("description", "How many attempts, the first included.");
    attempts.put("minimum", 1).put("maximum", ATTEMPTS_MAX);
    text(properties, "spacing", "The least distance between attempts: " + LENGTH + "1s to 30d.");
    text(properties, "duration", "No attempt later than this: " + LENGTH + "1s to 60d.");
    return schema;
  }

  /** What the schema cannot say. */
  static void check(JsonNode redelivery, List<PayloadFault> faults) {
    length(redelivery, "spacing", Duration.ofDays(30), faults);
    length(redelivery, "duration", Duration.ofDays(60), faults);
  }

  private static void length(
      JsonNode redelivery, String name, Duration most, List<PayloadFault> faults) {
    JsonNode value = redelivery.path(name);
    if (!value.isTextual()) {
      return;
    }
    @Nullable Duration length = parsed(value.asText());
    if (length == null || length.toSeconds() < 1 || length.compareTo(most) > 0) {
      faults.add(
          new PayloadFault(
              "/redelivery/" + name,
              LENGTH + "from 1s to " + most.toDays() + "d",
              PayloadFormats.quote(value)));
    }
  }

  private static @Nullable Duration parsed(String text) {
    try {
      return Setting.parseDuration(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return null;
    }
  }

  private static void text(ObjectNode properties, String name, String description) {
    ObjectNode text = properties.putObject(name).put("type", "string");
    text.put("description", description);
    text.put("minLength", 1).put("maxLength", TEXT_CHARS_MAX);
  }
}
