package dev.retour.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request about the queue or a message: of its query, and of its flat JSON
 * body.
 */
final class ApiParameters {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int CHARS_MAX = 100_000;
  private static final int COUNT_MAX = 50;
  private static final int VERSION_MAX = 1_000_000;

  private final Map<String, String> values = new LinkedHashMap<>();

  private ApiParameters() {}

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException with one sentence when there is a name that is not known, or
   *     something cannot be read: a misspelt filter must never widen what is changed
   */
  static ApiParameters of(@Nullable String query, byte @Nullable [] body, Set<String> known) {
    ApiParameters parameters = new ApiParameters();
    if (query != null && !query.isEmpty()) {
      parameters.query(query);
    }
    if (body != null && body.length > 0) {
      parameters.body(body);
    }
    Set<String> unknown = new TreeSet<>(parameters.values.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "There is no parameter "
              + VisibleText.cut(VisibleText.of(unknown.iterator().next()), 80)
              + "; there are "
              + String.join(", ", new TreeSet<>(known))
              + ".");
    }
    return parameters;
  }

  Map<String, String> all() {
    return values;
  }

  /** A number, or the fallback when it is not given. */
  long number(String name, long fallback, long most) {
    String text = values.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(text.strip());
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(name + " must be a number up to " + most + ".");
  }

  /** The version of a message; null when none, or 0, is given. */
  @Nullable Integer version() {
    long version = number("version", 0, VERSION_MAX);
    return version == 0 ? null : (int) version;
  }

  private void query(String query) {
    if (query.length() > CHARS_MAX) {
      throw new IllegalArgumentException("The query is longer than " + CHARS_MAX + " characters.");
    }
    for (String pair : query.split("&", COUNT_MAX + 1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        add(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      } else if (!pair.isEmpty()) {
        add(decoded(pair), "");
      }
    }
  }

  private void body(byte[] body) {
    if (body.length > CHARS_MAX) {
      throw new IllegalArgumentException("The body is longer than " + CHARS_MAX + " bytes.");
    }
    try {
      JsonNode json = JSON.readTree(body);
      if (json == null || !json.isObject()) {
        throw new IllegalArgumentException("The body must be a JSON object of parameters.");
      }
      json.properties()
          .forEach(
              field -> {
                if (field.getValue().isContainerNode()) {
                  throw new IllegalArgumentException("Each parameter is a text or a number.");
                }
                add(field.getKey(), field.getValue().asText());
              });
    } catch (IOException e) {
      throw new IllegalArgumentException("The body is no JSON.", e);
    }
  }

  /** Lists are separated by commas; saying a thing twice in two ways is a mistake. */
  private void add(String name, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("No parameter has a character NUL.");
    }
    if (values.size() >= COUNT_MAX || values.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("A parameter is given twice, or there are too many.");
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
