package dev.retour.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.messages.EventType;
import dev.retour.messages.Messages;
import dev.retour.messages.Standing;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/openapi.json}: the interface as OpenAPI 3.1, with a path for each event type
 * in force; its schemas are those that events are checked by.
 */
public final class GetOpenApi {
  private static final String JSON = "application/json";
  private static final String FORM = "multipart/form-data";

  /** So many schemas stand in the document itself; those of more types are referred to. */
  private static final int WHOLE_MAX = 100;

  private final Messages messages;

  GetOpenApi(Messages messages) {
    this.messages = messages;
  }

  /**
   * Answers the whole document, or 304 when nothing was published since.
   *
   * @param ifNoneMatch the ETag the client has, if it has one
   */
  public Answer answer(@Nullable String ifNoneMatch) {
    return ApiAnswers.of(() -> document(ifNoneMatch));
  }

  private Answer document(@Nullable String ifNoneMatch) {
    String digest = digest();
    String etag = "\"" + digest + "\"";
    // Lists and weak tags name it as well, and a route takes the quotes off.
    if (ifNoneMatch != null && ifNoneMatch.contains(digest)) {
      return Answer.of(304, JSON, new byte[0]).with("ETag", etag);
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("openapi", "3.1.0");
    root.putObject("info").put("title", "Retour").put("version", "1");
    ObjectNode paths = root.putObject("paths");
    boolean whole = messages.ids().size() <= WHOLE_MAX;
    for (String id : messages.ids()) {
      if (whole) {
        messages.published(id).ifPresent(type -> add(paths, type));
      } else {
        // Making every message ready would put the busy ones out of memory.
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("schema").put("$ref", "/api/v1/event-types/" + id + "/schema");
        paths.set("/api/v1/events/" + id, path(id, "Takes one event.", JSON, json));
      }
    }
    return EventAnswers.json(200, root).with("Cache-Control", "no-cache").with("ETag", etag);
  }

  private static void add(ObjectNode paths, EventType type) {
    String path = "/api/v1/events/" + type.id();
    JsonNode schema = type.jsonSchema();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("schema", schema);
    json.set("example", type.sample());
    paths.set(path, path(type.id(), type.description(), JSON, json));
    if (schema.at("/properties/attachments").isObject()
        || schema.at("/properties/document/properties/content").isObject()) {
      paths.set(path + "/multipart", path(type.id(), type.description(), FORM, form(schema)));
    }
  }

  /** The parts of a form; what the event says of its files stands in them instead. */
  private static ObjectNode form(JsonNode schema) {
    ObjectNode form = JsonNodeFactory.instance.objectNode();
    ObjectNode parts = form.putObject("schema").put("type", "object");
    parts.put("additionalProperties", false).putArray("required").add("event");
    ObjectNode properties = parts.putObject("properties");
    properties
        .putObject("event")
        .put("type", "object")
        .put("description", "The event as application/json, without these files.");
    if (schema.at("/properties/document/properties/content").isObject()) {
      properties.putObject("document").put("contentMediaType", "application/octet-stream");
    }
    JsonNode attachments = schema.at("/properties/attachments");
    if (attachments.isObject()) {
      ObjectNode files = properties.putObject("attachments").put("type", "array");
      files.set("maxItems", attachments.get("maxItems"));
      files.putObject("items").put("contentMediaType", "application/octet-stream");
    }
    return form;
  }

  private static ObjectNode path(
      String id, String summary, String contentType, ObjectNode content) {
    ObjectNode path = JsonNodeFactory.instance.objectNode();
    ObjectNode post = path.putObject("post");
    boolean isForm = contentType.equals(FORM);
    post.put("operationId", (isForm ? "postForm" : "post") + id);
    post.put("summary", summary);
    ObjectNode key = post.putArray("parameters").addObject();
    key.put("name", "Idempotency-Key").put("in", "header").put("required", isForm);
    key.putObject("schema").put("type", "string").put("maxLength", 200);
    ObjectNode body = post.putObject("requestBody").put("required", true);
    body.putObject("content").set(contentType, content);
    ObjectNode responses = post.putObject("responses");
    describe(responses, "202", "Stored durably, or it was before under the same key.");
    describe(responses, "400", "It does not fit the schema; every fault is named.");
    describe(responses, "409", "The same document goes to the same recipients already.");
    describe(responses, "410", "The message of this event is not published any more.");
    describe(responses, "422", "The Idempotency-Key was used for another body.");
    describe(responses, "503", "Nothing was accepted; come again later.");
    return path;
  }

  private static void describe(ObjectNode responses, String status, String text) {
    responses.putObject(status).put("description", text);
  }

  private String digest() {
    StringBuilder versions = new StringBuilder();
    for (String id : messages.ids()) {
      Standing standing = messages.standing(id);
      int version =
          standing instanceof Standing.Published published
              ? published.version()
              : standing instanceof Standing.Paused paused ? paused.version() : 0;
      versions.append(id).append(' ').append(version).append('\n');
    }
    return UUID.nameUUIDFromBytes(versions.toString().getBytes(StandardCharsets.UTF_8)).toString();
  }
}
