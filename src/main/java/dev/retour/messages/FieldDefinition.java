package dev.retour.messages;

import java.util.List;

/**
 * One field of an event or of an item of a collection.
 *
 * @param charsMax longest value; 0 for types without a length
 * @param values the only values allowed; empty when any is
 * @param domains for URLs: the hosts it must lie in; empty when any
 */
record FieldDefinition(
    String id,
    FieldType type,
    boolean required,
    int charsMax,
    List<String> values,
    List<String> domains,
    String description) {
  FieldDefinition {
    values = List.copyOf(values);
    domains = List.copyOf(domains);
  }
}
