package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Checks a request body against its event type and names all faults at once. */
final class PayloadCheck {
  private static final int FAULTS_MAX = 100;
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder()
          .pathType(PathType.JSON_POINTER)
          .formatAssertionsEnabled(false) // PayloadFormats is stricter and tells why
          .build();

  private final EventDefinition.Shape shape;
  private final JsonSchema schema;

  PayloadCheck(EventDefinition.Shape shape, JsonNode schema) {
    this.shape = shape;
    this.schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema, CONFIG);
  }

  List<PayloadFault> check(JsonNode body) {
    List<PayloadFault> unreadable = PlainJson.check(body, FAULTS_MAX);
    if (!unreadable.isEmpty()) {
      return unreadable;
    }
    List<PayloadFault> faults = new ArrayList<>();
    for (ValidationMessage message : schema.validate(body)) {
      faults.add(fault(message));
    }
    formats(body, faults);
    return new TreeSet<>(faults).stream().limit(FAULTS_MAX).toList();
  }

  private static PayloadFault fault(ValidationMessage message) {
    String at = message.getInstanceLocation().toString();
    JsonNode expected = message.getSchemaNode();
    JsonNode found = message.getInstanceNode();
    String limit = expected == null ? "" : expected.asText();
    String property = message.getProperty() == null ? "" : message.getProperty();
    String quoted = found == null ? "" : PayloadFormats.quote(found);
    String inside = at + "/" + PlainJson.escape(property);
    switch (message.getType()) {
      case "required":
      case "dependentRequired":
        return new PayloadFault(inside, "a value; it is required", "nothing");
      case "additionalProperties":
        return new PayloadFault(
            inside,
            at.isEmpty() && DeliveryFields.COPIES.contains(property)
                ? "no further recipients: by the link of this message each of them could"
                    + " unsubscribe the first"
                : "no such field; the sample payload names those there are",
            "a value");
      case "type":
        return new PayloadFault(at, type(limit), quoted);
      case "enum":
        return new PayloadFault(at, "one of " + list(expected), quoted);
      case "maxLength":
        return new PayloadFault(
            at, "a text of at most " + limit + " characters", length(found) + " characters");
      case "minLength":
        return new PayloadFault(
            at, "a text of at least " + limit + " characters", length(found) + " characters");
      case "minItems":
        return new PayloadFault(at, "at least one entry", "none");
      case "maxItems":
        return new PayloadFault(
            at, "at most " + limit + " entries", (found == null ? 0 : found.size()) + " entries");
      case "minimum":
        return new PayloadFault(at, "a number not below " + limit, quoted);
      case "maximum":
        return new PayloadFault(at, "a number not above " + limit, quoted);
      default:
        return new PayloadFault(at, message.getMessage(), quoted);
    }
  }

  private static int length(JsonNode text) {
    String value = text == null ? "" : text.asText();
    return value.codePointCount(0, value.length());
  }

  private static String type(String type) {
    switch (type) {
      case "string":
        return "a text";
      case "object":
        return "an object";
      case "array":
        return "a list";
      case "integer":
        return "a whole number";
      case "boolean":
        return "true or false";
      default:
        return "a " + type;
    }
  }

  private static String list(JsonNode values) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : values) {
      texts.add(value.asText());
    }
    return String.join(", ", texts);
  }

  private void formats(JsonNode body, List<PayloadFault> faults) {
    JsonNode email = body.path("email");
    if (email.isTextual() && !email.asText().isEmpty() && !AddressFormat.isValid(email.asText())) {
      faults.add(new PayloadFault("/email", "one mail address", PayloadFormats.quote(email)));
    }
    times(body, faults);
    RedeliveryFields.check(body.path("redelivery"), faults);
    DeliveryFields.check(body, faults);
    JsonNode ctx = body.path("ctx");
    for (FieldDefinition field : shape.fields()) {
      format(field, ctx.path(field.id()), "/ctx/" + field.id(), faults);
    }
    for (CollectionDefinition collection : shape.collections()) {
      Iterator<JsonNode> items = ctx.path(collection.id()).elements();
      for (int i = 0; items.hasNext(); i++) {
        JsonNode item = items.next();
        for (FieldDefinition field : collection.fields()) {
          String at = "/ctx/" + collection.id() + "/" + i + "/" + field.id();
          format(field, item.path(field.id()), at, faults);
        }
      }
    }
    faults.addAll(AttachmentFields.BROUGHT.check(shape, body));
  }

  private static void times(JsonNode body, List<PayloadFault> faults) {
    for (String name : List.of("scheduled", "expiration")) {
      JsonNode time = body.path(name);
      if (time.isTextual() && PayloadFormats.instant(time.asText()).isEmpty()) {
        faults.add(
            new PayloadFault("/" + name, PayloadFormats.DATE_TIME, PayloadFormats.quote(time)));
      }
    }
    PayloadFormats.instant(body.path("expiration").asText())
        .ifPresent(
            end ->
                PayloadFormats.instant(body.path("scheduled").asText())
                    .filter(begin -> !end.isAfter(begin))
                    .ifPresent(
                        begin ->
                            faults.add(
                                new PayloadFault(
                                    "/expiration",
                                    "a time after \"scheduled\" (" + begin + ")",
                                    end.toString()))));
  }

  private static void format(
      FieldDefinition field, JsonNode value, String at, List<PayloadFault> faults) {
    if (field.type() == FieldType.MONEY) {
      JsonNode currency = value.path("currency");
      if (currency.isTextual() && !PayloadFormats.isCurrency(currency.asText())) {
        faults.add(
            new PayloadFault(
                at + "/currency",
                "a currency of ISO 4217 such as EUR",
                PayloadFormats.quote(currency)));
      }
      return;
    }
    if (!value.isTextual() || value.asText().isEmpty()) {
      return; // the schema has said what is to be said
    }
    expectation(field, value.asText())
        .ifPresent(
            expected -> faults.add(new PayloadFault(at, expected, PayloadFormats.quote(value))));
  }

  /** What is expected of a text that is not of its field's format; nothing when it is. */
  private static Optional<String> expectation(FieldDefinition field, String text) {
    switch (field.type()) {
      case EMAIL:
        return AddressFormat.isValid(text) ? Optional.empty() : Optional.of("one mail address");
      case DATE:
        return PayloadFormats.date(text).isPresent()
            ? Optional.empty()
            : Optional.of(PayloadFormats.DATE);
      case DATE_TIME:
        return PayloadFormats.instant(text).isPresent()
            ? Optional.empty()
            : Optional.of(PayloadFormats.DATE_TIME);
      case URL:
        return PayloadFormats.isUrl(text, field.domains())
            ? Optional.empty()
            : Optional.of(
                "an address that begins with https:// or http://"
                    + (field.domains().isEmpty()
                        ? ""
                        : " and lies in " + String.join(" or ", field.domains())));
      default:
        return Optional.empty();
    }
  }
}
