package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.Setting;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The members cc, bcc, inCharge and tellAfter of a request body (spec A2, A8). */
final class DeliveryFields {
  /** Of each list; a mail to more people is a mailing, not a document. */
  static final int COPIES_MAX = 25;

  static final List<String> COPIES = List.of("cc", "bcc");

  private static final Duration TELL_AFTER_MAX = Duration.ofDays(30);
  private static final int DURATION_CHARS_MAX = 32;

  private DeliveryFields() {}

  static void addTo(ObjectNode properties) {
    list(properties, "cc", "Further recipients, named in the mail; each has a state of its own.");
    list(properties, "bcc", "Further recipients, named nowhere in the mail.");
    ObjectNode inCharge = properties.putObject("inCharge").put("type", "string");
    inCharge.put("format", "email").put("maxLength", AddressFormat.CHARS_MAX).put("minLength", 3);
    inCharge.put("description", "Who is told when the mail fails.");
    ObjectNode tellAfter = properties.putObject("tellAfter").put("type", "string");
    tellAfter.put("maxLength", DURATION_CHARS_MAX).put("minLength", 2);
    tellAfter.put("description", "Somebody is told when it is not accepted by then: PT15M or 15m.");
  }

  /** What the schema cannot say. */
  static void check(JsonNode body, List<PayloadFault> faults) {
    Set<String> seen = new HashSet<>();
    seen.add(body.path("email").asText().toLowerCase(Locale.ROOT));
    for (String name : COPIES) {
      int i = 0;
      for (JsonNode one : body.path(name)) {
        String at = "/" + name + "/" + i++;
        if (one.isTextual() && !AddressFormat.isValid(one.asText())) {
          faults.add(new PayloadFault(at, "one mail address", PayloadFormats.quote(one)));
        } else if (one.isTextual() && !seen.add(one.asText().toLowerCase(Locale.ROOT))) {
          faults.add(
              new PayloadFault(at, "each recipient once in the mail", PayloadFormats.quote(one)));
        }
      }
    }
    JsonNode inCharge = body.path("inCharge");
    if (inCharge.isTextual() && !AddressFormat.isValid(inCharge.asText())) {
      faults.add(new PayloadFault("/inCharge", "one mail address", PayloadFormats.quote(inCharge)));
    }
    JsonNode tellAfter = body.path("tellAfter");
    if (tellAfter.isTextual() && duration(tellAfter.asText()).isEmpty()) {
      faults.add(
          new PayloadFault(
              "/tellAfter",
              "a length of time such as PT15M or 15m, from 1s to 30d",
              PayloadFormats.quote(tellAfter)));
    }
  }

  /** The values of a body without faults. */
  static DeliveryWishes wishes(JsonNode body) {
    return new DeliveryWishes(
        texts(body.path("cc")),
        texts(body.path("bcc")),
        body.path("inCharge").isTextual() ? body.path("inCharge").asText() : null,
        duration(body.path("tellAfter").asText()).orElse(null));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static Optional<Duration> duration(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Duration length = text.startsWith("P") ? Duration.parse(text) : Setting.parseDuration(text);
      return length.toSeconds() < 1 || length.compareTo(TELL_AFTER_MAX) > 0
          ? Optional.empty()
          : Optional.of(length);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static void list(ObjectNode properties, String name, String description) {
    ObjectNode list = properties.putObject(name).put("type", "array");
    list.put("maxItems", COPIES_MAX).put("description", description);
    ObjectNode item = JsonNodeFactory.instance.objectNode().put("type", "string");
    item.put("format", "email").put("maxLength", AddressFormat.CHARS_MAX).put("minLength", 3);
    list.set("items", item);
  }
}
