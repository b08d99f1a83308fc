package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.DocumentDefinition.AttachmentDefinition;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the JSON Schema (2020-12) of a whole request body from {@code event.yaml}. */
final class PayloadSchema {
  /** Beyond this, amounts are mistakes, and formatting them costs memory. */
  static final long NUMBER_LIMIT = 1_000_000_000_000_000L;

  static final int DOCUMENT_ID_CHARS_MAX = 100;
  private static final int DATE_CHARS_MAX = 40;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private PayloadSchema() {}

  static ObjectNode of(EventDefinition definition) {
    ObjectNode root = object();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("title", definition.id());
    root.put("description", definition.description());
    if (definition.shape().recipient() == null) {
      require(root, "email", text("email", AddressFormat.CHARS_MAX, 3));
    }
    ObjectNode scheduled = text("date-time", DATE_CHARS_MAX, 1);
    scheduled.put("description", "Not to be processed before. " + PayloadFormats.DATE_TIME);
    property(root, "scheduled", scheduled);
    ObjectNode expiration = text("date-time", DATE_CHARS_MAX, 1);
    expiration.put("description", "To be given up after. " + PayloadFormats.DATE_TIME);
    property(root, "expiration", expiration);
    property(root, "redelivery", RedeliveryFields.schema());
    DeliveryFields.addTo(root.withObjectProperty("properties"));
    if (definition.handling().category() != null) {
      root.withObjectProperty("properties").remove(DeliveryFields.COPIES); // see PayloadCheck
    }
    require(root, "ctx", ctx(definition.shape()));
    DocumentDefinition document = definition.shape().document();
    if (document != null) {
      property(root, "document", document(document));
      if (document.required()) {
        required(root).add("document");
      }
    }
    AttachmentsDefinition attachments = definition.shape().attachments();
    if (attachments != null) {
      property(root, "attachments", AttachmentFields.schema(attachments));
      if (attachments.each().required()) {
        required(root).add("attachments");
      }
    }
    return root;
  }

  /** The schema of an object with nothing but {@code ctx}, which has these fields. */
  static ObjectNode ofFields(List<FieldDefinition> fields) {
    ObjectNode root = object();
    require(root, "ctx", fields(fields));
    return root;
  }

  private static ObjectNode ctx(EventDefinition.Shape shape) {
    ObjectNode ctx = fields(shape.fields());
    for (CollectionDefinition collection : shape.collections()) {
      ObjectNode array = JSON.objectNode().put("type", "array");
      describe(array, collection.description());
      array.put("maxItems", collection.itemsMax());
      array.set("items", fields(collection.fields()));
      property(ctx, collection.id(), array);
      if (collection.required()) {
        required(ctx).add(collection.id());
      }
    }
    return ctx;
  }

  private static ObjectNode fields(List<FieldDefinition> fields) {
    ObjectNode object = object();
    for (FieldDefinition field : fields) {
      ObjectNode schema = field(field);
      describe(schema, description(field));
      property(object, field.id(), schema);
      if (field.required()) {
        required(object).add(field.id());
      }
    }
    return object;
  }

  /** With what people call the allowed values. */
  private static String description(FieldDefinition field) {
    String labels =
        field.values().stream()
            .filter(value -> !field.label(value).isEmpty())
            .map(value -> value + ": " + field.label(value))
            .collect(Collectors.joining("; "));
    String text = field.description();
    return labels.isEmpty() ? text : text.isEmpty() ? labels : text + " (" + labels + ")";
  }

  private static ObjectNode field(FieldDefinition field) {
    int least = field.required() ? 1 : 0;
    switch (field.type()) {
      case STRING:
        ObjectNode text = text("", field.charsMax(), least);
        if (!field.values().isEmpty()) {
          ArrayNode values = text.putArray("enum");
          field.values().forEach(values::add);
        }
        return text;
      case EMAIL:
        return text("email", field.charsMax(), least);
      case URL:
        return text("uri", field.charsMax(), least);
      case DATE:
        return text("date", DATE_CHARS_MAX, 1);
      case DATE_TIME:
        return text("date-time", DATE_CHARS_MAX, 1);
      case BOOLEAN:
        return JSON.objectNode().put("type", "boolean");
      case NUMBER:
        return number("number");
      case INTEGER:
        return number("integer");
      case MONEY:
        ObjectNode money = object();
        require(money, "amount", number("number"));
        ObjectNode currency = text("", 3, 3);
        currency.put("description", "ISO 4217, for instance EUR");
        require(money, "currency", currency);
        return money;
    }
    throw new IllegalStateException("No schema for the type " + field.type());
  }

  private static ObjectNode document(DocumentDefinition definition) {
    ObjectNode document = object();
    require(document, "id", text("", DOCUMENT_ID_CHARS_MAX, 1));
    property(document, "version", text("", DOCUMENT_ID_CHARS_MAX, 1));
    AttachmentDefinition attachment = definition.attachment();
    if (attachment == null) {
      return document;
    }
    AttachmentFields.addTo(document, attachment);
    return document;
  }

  private static ObjectNode object() {
    ObjectNode object = JSON.objectNode().put("type", "object");
    object.put("additionalProperties", false);
    object.putObject("properties");
    object.putArray("required");
    return object;
  }

  private static ObjectNode text(String format, int charsMax, int charsMin) {
    ObjectNode text = JSON.objectNode().put("type", "string");
    if (!format.isEmpty()) {
      text.put("format", format);
    }
    if (charsMin > 0) {
      text.put("minLength", charsMin);
    }
    return text.put("maxLength", charsMax);
  }

  private static ObjectNode number(String type) {
    ObjectNode number = JSON.objectNode().put("type", type);
    number.put("minimum", -NUMBER_LIMIT);
    return number.put("maximum", NUMBER_LIMIT);
  }

  private static void describe(ObjectNode schema, String description) {
    if (!description.isEmpty()) {
      schema.put("description", description);
    }
  }

  private static void property(ObjectNode object, String name, JsonNode schema) {
    object.withObjectProperty("properties").set(name, schema);
  }

  private static void require(ObjectNode object, String name, JsonNode schema) {
    property(object, name, schema);
    required(object).add(name);
  }

  private static ArrayNode required(ObjectNode object) {
    return object.withArrayProperty("required");
  }
}
