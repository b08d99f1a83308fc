package dev.retour.messages;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.FileFault;
import java.util.List;
import java.util.Locale;

/**
 * Messages as JSON, the same by HTTP and on the command line. What does not apply is left out;
 * times are ISO 8601 in UTC.
 */
public final class MessageJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MessageJson() {}

  /** Where a message is found by HTTP. */
  public static String href(String id) {
    return "/api/v1/messages/" + id;
  }

  /** One message without its history. */
  public static ObjectNode of(MessageView view) {
    ObjectNode json = JSON.objectNode().put("id", view.id()).put("href", href(view.id()));
    json.put("state", view.state());
    if (view.version() != null) {
      json.put("version", view.version());
    }
    json.put("newest", view.newest());
    if (!view.because().isEmpty()) {
      json.put("because", view.because());
    }
    if (view.changedBy() != null && view.changedAt() != null) {
      json.put("changedBy", view.changedBy()).put("changed", view.changedAt().toString());
    }
    return json.put("folder", view.folder().name().toLowerCase(Locale.ROOT));
  }

  /** All of them. */
  public static ObjectNode page(List<MessageView> views) {
    ObjectNode json = JSON.objectNode();
    ArrayNode items = json.putArray("messages");
    views.forEach(view -> items.add(of(view)));
    return json;
  }

  /** One message with its versions and what was done to it. */
  public static ObjectNode of(
      MessageView view, List<MessageVersion> versions, List<MessageLogEntry> history) {
    ObjectNode json = of(view);
    ArrayNode all = json.putArray("versions");
    for (MessageVersion version : versions) {
      all.addObject()
          .put("number", version.number())
          .put("published", version.publishedAt().toString())
          .put("by", version.publishedBy())
          .put("because", version.because())
          .put("digest", version.digest());
    }
    ArrayNode log = json.putArray("history");
    for (MessageLogEntry entry : history) {
      log.addObject()
          .put("at", entry.at().toString())
          .put("who", entry.who())
          .put("what", entry.what().label())
          .put("version", entry.version())
          .put("because", entry.because());
    }
    return json;
  }

  /** Faults of files, as a list. */
  public static ArrayNode of(List<FileFault> faults) {
    ArrayNode json = JSON.arrayNode();
    faults.forEach(
        fault ->
            json.addObject()
                .put("file", fault.file())
                .put("line", fault.line())
                .put("text", fault.text()));
    return json;
  }
}
