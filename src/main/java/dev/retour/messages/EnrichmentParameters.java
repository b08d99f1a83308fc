package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The values of an event as a database compares them; bound to a statement, never part of it. */
final class EnrichmentParameters {
  private static final int SHOWN_CHARS_MAX = 60;

  private final Map<String, Object> values = new HashMap<>();

  private EnrichmentParameters() {}

  static EnrichmentParameters of(List<FieldDefinition> fields, JsonNode ctx) {
    EnrichmentParameters parameters = new EnrichmentParameters();
    for (FieldDefinition field : fields) {
      JsonNode value = ctx.path(field.id());
      Object bound = value.isMissingNode() || value.isNull() ? null : value(field.type(), value);
      if (bound != null) {
        parameters.values.put(field.id(), bound);
      }
    }
    return parameters;
  }

  /** One more, unless a field has its name. */
  EnrichmentParameters with(String name, @Nullable String value) {
    if (value != null) {
      values.putIfAbsent(name, value);
    }
    return this;
  }

  Map<String, Object> values() {
    return values;
  }

  /** By which values something was looked for; addresses are left out. */
  String shown(Collection<String> names) {
    StringBuilder shown = new StringBuilder();
    for (String name : new TreeSet<>(names)) {
      String value = String.valueOf(values.get(name));
      shown.append(shown.isEmpty() ? "" : ", ").append(name).append('=');
      shown.append(value.contains("@") ? "…" : shown(value));
    }
    return shown.isEmpty() ? "this event" : shown.toString();
  }

  static String shown(String value) {
    return value.length() > SHOWN_CHARS_MAX ? value.substring(0, SHOWN_CHARS_MAX) + "…" : value;
  }

  /** Null: an amount has two parts, and none of them is compared. */
  static @Nullable Object value(FieldType type, JsonNode value) {
    switch (type) {
      case INTEGER:
        return value.longValue();
      case NUMBER:
        return value.decimalValue();
      case BOOLEAN:
        return value.booleanValue();
      case DATE:
        return PayloadFormats.date(value.asText()).orElse(null);
      case DATE_TIME:
        return PayloadFormats.instant(value.asText()).orElse(null);
      case MONEY:
        return null;
      default:
        return value.asText();
    }
  }
}
