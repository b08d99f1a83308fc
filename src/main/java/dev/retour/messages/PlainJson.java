package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Refuses values that are JSON but that neither PostgreSQL nor a formatter can bear: characters
 * that are no text, and numbers such as 1e999999999, which would fill the memory when written out.
 */
final class PlainJson {
  private static final int DIGITS_MAX = 30;

  private PlainJson() {}

  private record Place(String pointer, JsonNode value) {}

  static List<PayloadFault> check(JsonNode body, int faultsMax) {
    List<PayloadFault> faults = new ArrayList<>();
    Deque<Place> places = new ArrayDeque<>();
    places.push(new Place("", body));
    while (!places.isEmpty() && faults.size() < faultsMax) {
      Place place = places.pop();
      JsonNode value = place.value();
      if (value.isTextual() && !isText(value.textValue())) {
        faults.add(
            new PayloadFault(
                place.pointer(),
                "a text without control characters (tab and line ends are allowed)",
                "a character that is no text"));
      } else if (value.isNumber() && !isModest(value)) {
        faults.add(
            new PayloadFault(
                place.pointer(),
                "a number of at most " + DIGITS_MAX + " digits before and after the point",
                "a number beyond that"));
      } else if (value.isObject()) {
        value
            .properties()
            .forEach(
                e ->
                    places.push(
                        new Place(place.pointer() + "/" + escape(e.getKey()), e.getValue())));
      } else if (value.isArray()) {
        for (int i = 0; i < value.size(); i++) {
          places.push(new Place(place.pointer() + "/" + i, value.get(i)));
        }
      }
    }
    return faults;
  }

  /** A name as a part of a JSON pointer (RFC 6901 section 3). */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 127) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean isModest(JsonNode number) {
    if (number.isFloatingPointNumber() && !number.isBigDecimal()) {
      return Double.isFinite(number.doubleValue());
    }
    BigDecimal value = number.decimalValue();
    long before = (long) value.precision() - value.scale();
    return before <= DIGITS_MAX && value.scale() <= DIGITS_MAX && value.scale() >= -DIGITS_MAX;
  }
}
