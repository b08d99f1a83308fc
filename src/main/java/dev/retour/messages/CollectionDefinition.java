package dev.retour.messages;

import java.util.List;

/** A list in the event, such as the products of a cart (spec C2). */
record CollectionDefinition(
    String id, boolean required, int itemsMax, List<FieldDefinition> fields, String description) {
  CollectionDefinition {
    fields = List.copyOf(fields);
  }
}
