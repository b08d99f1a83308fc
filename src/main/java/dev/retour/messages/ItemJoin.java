package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How rows find the items they belong to. */
final class ItemJoin {
  private final FieldType type;
  private final Map<String, Object> byKey = new LinkedHashMap<>();

  private ItemJoin(FieldType type) {
    this.type = type;
  }

  static ItemJoin of(CollectionDefinition collection, Enrichment enrichment, JsonNode items) {
    FieldType type =
        collection.fields().stream()
            .filter(field -> field.id().equals(enrichment.join()))
            .findFirst()
            .map(FieldDefinition::type)
            .orElse(FieldType.STRING);
    ItemJoin join = new ItemJoin(type);
    for (JsonNode item : items) {
      Object value = join.value(item.path(enrichment.join()));
      if (value != null) {
        join.byKey.put(key(value), value);
      }
    }
    return join;
  }

  /** Each value once. */
  List<Object> keys() {
    return new ArrayList<>(byKey.values());
  }

  /** What a row that belongs to this value has as its key. */
  String keyOf(JsonNode value) {
    return key(value(value));
  }

  private @Nullable Object value(JsonNode value) {
    return value.isMissingNode() || value.isNull() || value.asText().isEmpty()
        ? null
        : EnrichmentParameters.value(type, value);
  }

  /** The same for values that a database holds for the same. */
  static String key(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof BigDecimal || value instanceof Long) {
      return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }
    return value.toString().strip();
  }
}
