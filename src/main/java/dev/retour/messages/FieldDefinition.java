package dev.retour.messages;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One field of an event, of an item of a collection, or of an enrichment.
 *
 * @param charsMax longest value; 0 for types without a length
 * @param values the only values allowed; empty when any is
 * @param domains for URLs: the hosts it must lie in; empty when any
 * @param labels what people call a value, by value and language; an empty language is for all
 */
record FieldDefinition(
    String id,
    FieldType type,
    boolean required,
    int charsMax,
    List<String> values,
    List<String> domains,
    String description,
    Map<String, Map<String, String>> labels) {
  FieldDefinition {
    values = List.copyOf(values);
    domains = List.copyOf(domains);
    labels = new LinkedHashMap<>(labels);
  }

  /** One label of a value, for who reads no message: the first there is. Empty: it has none. */
  String label(String value) {
    return labels.getOrDefault(value, Map.of()).values().stream().findFirst().orElse("");
  }
}
