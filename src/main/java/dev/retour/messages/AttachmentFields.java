package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.DocumentDefinition.AttachmentDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a request body (spec B14): the one of its {@code document}, and {@code attachments}
 * beside it. Each is brought in base64 or, where the event type says so, named by a reference.
 */
final class AttachmentFields {
  /** What a body brings itself; what it only names is not looked at. */
  static final AttachmentFields BROUGHT = new AttachmentFields(Map.of());

  static final int KEY_CHARS_MAX = 500;
  private static final String REFERENCE = "reference";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, byte[]> fetched;

  /**
   * Reads files.
   *
   * @param fetched those that are named, by the pointer of their reference
   */
  AttachmentFields(Map<String, byte[]> fetched) {
    this.fetched = fetched;
  }

  /** The schema of {@code attachments}. */
  static ObjectNode schema(AttachmentsDefinition definition) {
    ObjectNode list = JSON.objectNode().put("type", "array");
    list.put("description", "Files that travel with the mail, in order.");
    if (definition.each().required()) {
      list.put("minItems", 1);
    }
    list.put("maxItems", definition.max());
    ObjectNode file = list.putObject("items").put("type", "object");
    file.put("additionalProperties", false);
    members(file.putObject("properties"), definition.each());
    ArrayNode required = file.putArray("required").add("fileName").add("contentType");
    if (definition.each().stores().isEmpty()) {
      required.add("content");
    }
    return list;
  }

  /** Adds the members of its one file to the schema of {@code document}. */
  static void addTo(ObjectNode document, AttachmentDefinition definition) {
    members(document.withObjectProperty("properties"), definition);
    boolean named = !definition.stores().isEmpty();
    List<String> together =
        named ? List.of("fileName", "contentType") : List.of("fileName", "contentType", "content");
    if (definition.required()) {
      together.forEach(document.withArrayProperty("required")::add);
      return;
    }
    ObjectNode dependent = document.putObject("dependentRequired");
    for (String one : together) {
      ArrayNode others = dependent.putArray(one);
      together.stream().filter(other -> !other.equals(one)).forEach(others::add);
    }
    if (named) {
      dependent.putArray("content").add("fileName").add("contentType");
      dependent.putArray(REFERENCE).add("fileName").add("contentType");
    }
  }

  private static void members(ObjectNode properties, AttachmentDefinition definition) {
    text(properties.putObject("fileName"), FileName.CHARS_MAX);
    ObjectNode contentType = properties.putObject("contentType").put("type", "string");
    ArrayNode contentTypes = contentType.putArray("enum");
    definition.contentTypes().forEach(contentTypes::add);
    text(properties.putObject("content"), (definition.bytesMax() + 2) / 3 * 4)
        .put("contentEncoding", "base64");
    if (definition.stores().isEmpty()) {
      return;
    }
    ObjectNode reference = properties.putObject(REFERENCE).put("type", "object");
    reference.put("description", "Instead of content: where the file is; it is read at once.");
    reference.put("additionalProperties", false);
    reference.putArray("required").add("store").add("key");
    ObjectNode members = reference.putObject("properties");
    ArrayNode stores = members.putObject("store").put("type", "string").putArray("enum");
    definition.stores().forEach(stores::add);
    text(members.putObject("key"), KEY_CHARS_MAX);
  }

  private static ObjectNode text(ObjectNode schema, int charsMax) {
    return schema.put("type", "string").put("minLength", 1).put("maxLength", charsMax);
  }

  /** What the schema cannot say. */
  List<PayloadFault> check(EventDefinition.Shape shape, JsonNode body) {
    List<PayloadFault> faults = new ArrayList<>();
    Set<String> names = new HashSet<>();
    DocumentDefinition document = shape.document();
    if (document != null && document.attachment() != null) {
      JsonNode given = body.path("document");
      boolean expected = given.isObject() && (document.attachment().required() || hasFile(given));
      if (expected) {
        names.add(given.path("fileName").asText().toLowerCase(Locale.ROOT));
        check(document.attachment(), given, "/document", faults);
      }
    }
    if (shape.attachments() != null) {
      checkAll(shape.attachments(), body.path("attachments"), names, faults);
    }
    return faults;
  }

  private static boolean hasFile(JsonNode document) {
    return document.has("fileName") || document.has("content") || document.has(REFERENCE);
  }

  private void checkAll(
      AttachmentsDefinition definition,
      JsonNode files,
      Set<String> names,
      List<PayloadFault> faults) {
    long total = 0;
    for (int i = 0; i < Math.min(files.size(), definition.max()); i++) {
      String at = "/attachments/" + i;
      JsonNode name = files.path(i).path("fileName");
      if (name.isTextual() && !names.add(name.asText().toLowerCase(Locale.ROOT))) {
        faults.add(
            new PayloadFault(
                at + "/fileName", "each file name once in a mail", PayloadFormats.quote(name)));
      }
      total += check(definition.each(), files.path(i), at, faults);
    }
    if (total > definition.totalBytesMax()) {
      faults.add(
          new PayloadFault(
              "/attachments",
              "files of at most " + definition.totalBytesMax() + " bytes together",
              total + " bytes"));
    }
  }

  /** The length of the file, as far as it is known. */
  private int check(
      AttachmentDefinition definition, JsonNode file, String at, List<PayloadFault> faults) {
    if (!file.isObject()) {
      return 0; // the schema has said so
    }
    JsonNode name = file.path("fileName");
    if (name.isTextual() && !name.asText().isEmpty() && !FileName.isSafe(name.asText())) {
      faults.add(new PayloadFault(at + "/fileName", FileName.EXPECTED, PayloadFormats.quote(name)));
    }
    if (!definition.stores().isEmpty() && file.has("content") == file.has(REFERENCE)) {
      faults.add(
          new PayloadFault(
              at + "/content",
              "either content, or a reference to it",
              file.has(REFERENCE) ? "both" : "nothing"));
      return 0;
    }
    byte[] named = fetched.get(at + "/" + REFERENCE);
    if (named != null) {
      return check(definition, file, named, new Found(at + "/" + REFERENCE, faults));
    }
    JsonNode content = file.path("content");
    if (!content.isTextual() || content.asText().isEmpty()) {
      return 0;
    }
    Optional<byte[]> bytes = PayloadFormats.base64(content.asText());
    if (bytes.isEmpty()) {
      faults.add(
          new PayloadFault(
              at + "/content", "base64 (RFC 4648 section 4) without line ends", "other text"));
      return 0;
    }
    return check(definition, file, bytes.get(), new Found(at + "/content", faults));
  }

  /** Where faults of a file's bytes belong. */
  private record Found(String at, List<PayloadFault> faults) {
    void add(String expected, String found) {
      faults.add(new PayloadFault(at, expected, found));
    }
  }

  private static int check(
      AttachmentDefinition definition, JsonNode file, byte[] bytes, Found found) {
    String contentType = file.path("contentType").asText();
    if (bytes.length > definition.bytesMax()) {
      found.add("a file of at most " + definition.bytesMax() + " bytes", bytes.length + " bytes");
    } else if (!FileType.of(contentType).begins(bytes)) {
      found.add("a file of type " + contentType, "a file that begins otherwise");
    }
    return bytes.length;
  }

  /** The document of a body without faults. */
  @Nullable Document document(JsonNode body) {
    JsonNode document = body.path("document");
    if (!document.isObject()) {
      return null;
    }
    JsonNode version = document.path("version");
    return new Document(
        document.path("id").asText(),
        version.isTextual() ? version.asText() : null,
        file(document, "/document").orElse(null));
  }

  /** The files beside it. */
  List<Attachment> attachments(JsonNode body) {
    List<Attachment> files = new ArrayList<>();
    int i = 0;
    for (JsonNode file : body.path("attachments")) {
      file(file, "/attachments/" + i++).ifPresent(files::add);
    }
    return files;
  }

  private Optional<Attachment> file(JsonNode file, String at) {
    return Optional.ofNullable(fetched.get(at + "/" + REFERENCE))
        .or(() -> PayloadFormats.base64(file.path("content").asText()))
        .filter(bytes -> bytes.length > 0)
        .map(
            bytes ->
                new Attachment(
                    file.path("fileName").asText(), file.path("contentType").asText(), bytes));
  }

  /** The files that a body without faults only names. */
  static List<FileReference> references(EventDefinition.Shape shape, JsonNode body) {
    List<FileReference> references = new ArrayList<>();
    DocumentDefinition document = shape.document();
    if (document != null && document.attachment() != null) {
      add(references, document.attachment(), body.path("document"), "/document");
    }
    if (shape.attachments() != null) {
      int i = 0;
      for (JsonNode file : body.path("attachments")) {
        add(references, shape.attachments().each(), file, "/attachments/" + i++);
      }
    }
    return references;
  }

  private static void add(
      List<FileReference> to, AttachmentDefinition definition, JsonNode file, String at) {
    JsonNode reference = file.path(REFERENCE);
    if (reference.isObject()) {
      to.add(
          new FileReference(
              at + "/" + REFERENCE,
              reference.path("store").asText(),
              reference.path("key").asText(),
              definition.bytesMax()));
    }
  }
}
