package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Turns a row into fields; what is not of a field's type stays so, and the check says it. */
final class EnrichedRow {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private EnrichedRow() {}

  static ObjectNode json(List<FieldDefinition> fields, Map<String, Object> row) {
    ObjectNode json = JSON.objectNode();
    for (FieldDefinition field : fields) {
      Object value = row.get(Enrichment.column(field.id()));
      if (value != null) {
        json.set(
            field.id(), field.type() == FieldType.MONEY ? money(field, row) : node(field, value));
      }
    }
    return json;
  }

  private static JsonNode money(FieldDefinition field, Map<String, Object> row) {
    ObjectNode money = JSON.objectNode();
    money.set("amount", plain(row.getOrDefault(Enrichment.column(field.id()), "")));
    Object currency = row.get(Enrichment.currencyColumn(field.id()));
    if (currency != null) {
      money.put("currency", currency.toString().strip());
    }
    return money;
  }

  private static JsonNode node(FieldDefinition field, Object value) {
    switch (field.type()) {
      case NUMBER, INTEGER, BOOLEAN:
        return plain(value);
      default:
        return JSON.textNode(
            value instanceof BigDecimal number ? number.toPlainString() : value.toString());
    }
  }

  private static JsonNode plain(Object value) {
    if (value instanceof Boolean flag) {
      return JSON.booleanNode(flag);
    }
    return value instanceof BigDecimal number
        ? JSON.numberNode(number)
        : JSON.textNode(value.toString());
  }
}
