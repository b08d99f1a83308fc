package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.DocumentDefinition.AttachmentDefinition;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;

/**
 * Generates request bodies from {@code event.yaml}: one with everything, one with only what is
 * required. Both must render, so a template that forgets that a field may be missing is found
 * before a customer's event finds it.
 */
final class SamplePayload {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String RECIPIENT = "customer@example.com";
  private static final String FILLER = "Sample text with äöü, ß, € and <angle> & \"quotes\" ";

  private final boolean optional;

  private SamplePayload(boolean optional) {
    this.optional = optional;
  }

  /** Every field, and two entries in each collection. */
  static JsonNode full(EventDefinition definition) {
    return new SamplePayload(true).body(definition);
  }

  /** Only what is required, and empty collections. */
  static JsonNode minimal(EventDefinition definition) {
    return new SamplePayload(false).body(definition);
  }

  /** A test profile, with sample files for those it only describes or names. */
  static JsonNode completed(JsonNode profile) {
    if (!profile.isObject()) {
      return profile;
    }
    ObjectNode completed = profile.deepCopy();
    complete(completed.path("document"));
    completed.path("attachments").forEach(SamplePayload::complete);
    return completed;
  }

  private static void complete(JsonNode file) {
    String contentType = file.path("contentType").asText();
    if (file instanceof ObjectNode object && !file.has("content") && !contentType.isEmpty()) {
      object.put("content", base64(FileType.of(contentType)));
      object.remove("reference");
    }
  }

  /** Values of these fields alone. */
  static ObjectNode values(List<FieldDefinition> fields, boolean optional) {
    return new SamplePayload(optional).fields(fields);
  }

  private JsonNode body(EventDefinition definition) {
    ObjectNode body = JSON.objectNode();
    if (definition.shape().recipient() == null) {
      body.put("email", RECIPIENT);
    }
    ObjectNode ctx = fields(definition.shape().fields());
    for (CollectionDefinition collection : definition.shape().collections()) {
      if (optional || collection.required()) {
        ArrayNode items = ctx.putArray(collection.id());
        int count = optional ? Math.min(2, collection.itemsMax()) : 0;
        for (int i = 0; i < count; i++) {
          items.add(fields(collection.fields()));
        }
      }
    }
    body.set("ctx", ctx);
    DocumentDefinition document = definition.shape().document();
    if (document != null && (optional || document.required())) {
      body.set("document", document(document));
    }
    AttachmentsDefinition attachments = definition.shape().attachments();
    if (attachments != null && (optional || attachments.each().required())) {
      file(body.putArray("attachments").addObject(), attachments.each(), "sample-1");
    }
    return body;
  }

  private ObjectNode document(DocumentDefinition definition) {
    ObjectNode document = JSON.objectNode().put("id", "SAMPLE-1");
    AttachmentDefinition attachment = definition.attachment();
    if (attachment != null && (optional || attachment.required())) {
      file(document, attachment, "sample");
    }
    return document;
  }

  private static void file(ObjectNode file, AttachmentDefinition definition, String name) {
    String contentType =
        definition.contentTypes().contains("application/pdf")
            ? "application/pdf"
            : definition.contentTypes().get(0);
    FileType type = FileType.of(contentType);
    file.put("fileName", name + "." + type.ending());
    file.put("contentType", contentType);
    file.put("content", base64(type));
  }

  private static String base64(FileType type) {
    return Base64.getEncoder().encodeToString(type.sample());
  }

  private ObjectNode fields(List<FieldDefinition> fields) {
    ObjectNode object = JSON.objectNode();
    for (FieldDefinition field : fields) {
      if (optional || field.required()) {
        object.set(field.id(), value(field));
      }
    }
    return object;
  }

  private static JsonNode value(FieldDefinition field) {
    switch (field.type()) {
      case STRING:
        return JSON.textNode(text(field));
      case NUMBER:
        return JSON.numberNode(new BigDecimal("1234.5"));
      case INTEGER:
        return JSON.numberNode(3);
      case BOOLEAN:
        return JSON.booleanNode(true);
      case DATE:
        return JSON.textNode("2026-11-21");
      case DATE_TIME:
        return JSON.textNode("2026-11-21T08:30:00+01:00");
      case EMAIL:
        return JSON.textNode(RECIPIENT);
      case URL:
        String host = field.domains().isEmpty() ? "www.example.com" : field.domains().get(0);
        return JSON.textNode("https://" + host + "/sample");
      case MONEY:
        return JSON.objectNode().put("amount", new BigDecimal("1234.50")).put("currency", "EUR");
    }
    throw new IllegalStateException("No sample for the type " + field.type());
  }

  private static String text(FieldDefinition field) {
    if (!field.values().isEmpty()) {
      return field.values().get(0);
    }
    return FILLER.substring(0, Math.min(FILLER.length(), field.charsMax())).strip();
  }
}
