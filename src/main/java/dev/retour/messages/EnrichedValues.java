package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.Enrichment.IfMissing;
import dev.retour.messages.EventDefinition.Shape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values from other databases, kept apart from what the event brought: an object by the id of each
 * enrichment, and for each collection with enrichments a list of such objects, one an item:
 *
 * <pre>{"customer": {"name": "Anna"}, "products": [{"catalog": {"price": 9.5}}, {}]}</pre>
 *
 * They pass the same checks as fields of an event.
 */
final class EnrichedValues {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Shape shape;
  private final Map<Enrichment, PayloadCheck> checks;

  EnrichedValues(Shape shape) {
    this.shape = shape;
    this.checks =
        shape
            .allEnrichments()
            .distinct()
            .collect(Collectors.toMap(Function.identity(), EnrichedValues::check));
  }

  private static PayloadCheck check(Enrichment enrichment) {
    List<FieldDefinition> fields = enrichment.fields();
    return new PayloadCheck(new Shape(fields, List.of(), null), PayloadSchema.ofFields(fields));
  }

  /** The fields of an event with the values beside them, as templates see them. */
  static JsonNode into(JsonNode ctx, JsonNode enriched) {
    if (enriched.isEmpty()) {
      return ctx;
    }
    ObjectNode merged = ctx.deepCopy();
    for (Map.Entry<String, JsonNode> each : enriched.properties()) {
      if (each.getValue() instanceof ObjectNode values) {
        merged.set(each.getKey(), values);
      } else {
        Iterator<JsonNode> items = merged.path(each.getKey()).elements();
        for (JsonNode values : each.getValue()) {
          if (items.hasNext()
              && items.next() instanceof ObjectNode item
              && values instanceof ObjectNode ofItem) {
            item.setAll(ofItem);
          }
        }
      }
    }
    return merged;
  }

  /** What is wrong with the values of one enrichment. */
  List<PayloadFault> faults(Enrichment enrichment, JsonNode values, String at) {
    PayloadCheck check = checks.get(enrichment);
    if (check == null) {
      throw new IllegalStateException("An enrichment of another event type.");
    }
    return check.check(JSON.objectNode().set("ctx", values)).stream()
        .map(
            fault ->
                new PayloadFault(
                    at + fault.pointer().substring("/ctx".length()),
                    fault.expected(),
                    fault.found()))
        .toList();
  }

  /** What is wrong with the values a test profile gives. */
  List<PayloadFault> faults(JsonNode given) {
    List<PayloadFault> faults = new ArrayList<>();
    if (!given.isObject()) {
      faults.add(new PayloadFault("/enriched", "an object", PayloadFormats.quote(given)));
      return faults;
    }
    unknown(given, "/enriched", faults);
    faults(shape.enrichments(), given, "/enriched", faults);
    for (CollectionDefinition collection : shape.collections()) {
      int i = 0;
      for (JsonNode item : given.path(collection.id())) {
        String at = "/enriched/" + collection.id() + "/" + i++;
        faults(collection.enrichments(), item, at, faults);
      }
    }
    return faults;
  }

  private void faults(
      List<Enrichment> enrichments, JsonNode given, String at, List<PayloadFault> faults) {
    for (Enrichment each : enrichments) {
      if (given.has(each.id())) {
        faults.addAll(faults(each, given.path(each.id()), at + "/" + each.id()));
      }
    }
  }

  private void unknown(JsonNode given, String at, List<PayloadFault> faults) {
    for (Map.Entry<String, JsonNode> each : given.properties()) {
      String name = each.getKey();
      boolean event = shape.enrichments().stream().anyMatch(one -> one.id().equals(name));
      boolean items =
          each.getValue().isArray()
              && shape.collections().stream()
                  .anyMatch(one -> one.id().equals(name) && !one.enrichments().isEmpty());
      if (!event && !items) {
        faults.add(
            new PayloadFault(
                at + "/" + PlainJson.escape(name),
                "the id of an enrichment, or of a collection that has some with a list of objects",
                PayloadFormats.quote(each.getValue())));
      }
    }
  }

  /**
   * Values as a test profile gives them, completed by generated ones.
   *
   * @param given null: nothing is given. Where something is, what may be empty and is left out is
   *     empty
   * @param optional whether generated values have the fields that are not required
   */
  ObjectNode completed(JsonNode ctx, @Nullable JsonNode given, boolean optional) {
    JsonNode from = given == null ? JSON.objectNode() : given;
    boolean empty = given != null || !optional;
    ObjectNode completed = completed(shape.enrichments(), from, empty, optional);
    for (CollectionDefinition collection : shape.collections()) {
      if (!collection.enrichments().isEmpty()) {
        ArrayNode items = completed.putArray(collection.id());
        for (int i = 0; i < ctx.path(collection.id()).size(); i++) {
          JsonNode item = from.path(collection.id()).path(i);
          items.add(completed(collection.enrichments(), item, empty, optional));
        }
      }
    }
    return completed;
  }

  private static ObjectNode completed(
      List<Enrichment> enrichments, JsonNode given, boolean empty, boolean optional) {
    ObjectNode completed = JSON.objectNode();
    for (Enrichment each : enrichments) {
      if (given.has(each.id())) {
        completed.set(each.id(), given.path(each.id()));
      } else if (!empty || each.rules().ifMissing() != IfMissing.EMPTY) {
        completed.set(each.id(), SamplePayload.values(each.fields(), optional));
      }
    }
    return completed;
  }
}
