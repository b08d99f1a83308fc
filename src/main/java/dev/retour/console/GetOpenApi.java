package dev.retour.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
        messages
            .published(id)
            .ifPresent(
                type ->
                    paths.set(
                        "/api/v1/events/" + id,
                        path(id, type.description(), type.jsonSchema(), type.sample())));
      } else {
        // Making every message ready would put the busy ones out of memory.
        ObjectNode elsewhere =
            JsonNodeFactory.instance
                .objectNode()
                .put("$ref", "/api/v1/event-types/" + id + "/schema");
        paths.set("/api/v1/events/" + id, path(id, "Takes one event.", elsewhere, null));
      }
    }
    return EventAnswers.json(200, root).with("Cache-Control", "no-cache").with("ETag", etag);
  }

  private static ObjectNode path(
      String id, String summary, JsonNode schema, @Nullable JsonNode example) {
    ObjectNode path = JsonNodeFactory.instance.objectNode();
    ObjectNode post = path.putObject("post");
    post.put("operationId", "post" + id).put("summary", summary);
    ObjectNode key = post.putArray("parameters").addObject();
    key.put("name", "Idempotency-Key").put("in", "header");
    key.putObject("schema").put("type", "string").put("maxLength", 200);
    ObjectNode body = post.putObject("requestBody").put("required", true);
    ObjectNode content = body.putObject("content").putObject(JSON);
    content.set("schema", schema);
    if (example != null) {
      content.set("example", example);
    }
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
