package dev.retour.messages;

import java.util.List;

/**
 * A list in the event, such as the products of a cart (spec C2).
 *
 * @param enrichments what comes to its items from other databases
 */
record CollectionDefinition(
    String id,
    boolean required,
    int itemsMax,
    List<FieldDefinition> fields,
    String description,
    List<Enrichment> enrichments) {
  CollectionDefinition {
    fields = List.copyOf(fields);
    enrichments = List.copyOf(enrichments);
  }
}
