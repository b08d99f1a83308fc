package dev.retour.messages;

import dev.retour.config.FileFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A folder with one small, right event type, for tests that change one thing in it. */
final class MessageFolder {
  static final String EVENT =
      """
      id: EVTtest
      description: For a test.
      from: {address: shop@example.com, name: Shop}
      fields:
        - {id: name, type: string, required: true, maxLength: 2000000}
      """;

  private final Path root;

  MessageFolder(Path root) {
    this.root = root;
    write("EVTtest/event.yaml", EVENT.replace("2000000", "100000"));
    write("EVTtest/subject.txt", "Hello [=ctx.name]");
    write("EVTtest/message.html", "<html><body><p>Dear [=ctx.name]</p></body></html>");
    write("EVTtest/message.txt", "Dear [=ctx.name]");
  }

  MessageFolder write(String file, String text) {
    try {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the HTML part. */
  MessageFolder html(String body) {
    return write("EVTtest/message.html", "<html><body>\n" + body + "\n</body></html>");
  }

  /** The event type's further definition, below "from". */
  MessageFolder event(String fields) {
    return write("EVTtest/event.yaml", EVENT.substring(0, EVENT.indexOf("fields:")) + fields);
  }

  MessagesConfig config(Map<String, String> settings) {
    Map<String, String> all = new java.util.HashMap<>(settings);
    all.put("messages.folder", root.toString());
    return MessagesConfig.from(dev.retour.config.Settings.of(all));
  }

  List<FileFault> faults() {
    return MessageLibrary.check(config(Map.of()));
  }

  EventType load() {
    return MessageLibrary.load(root).find("EVTtest").orElseThrow();
  }

  static PayloadReader.Reading read(String json) {
    return new PayloadReader(MessagesConfig.of(Path.of("messages")))
        .read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  static com.fasterxml.jackson.databind.JsonNode json(String json) {
    if (read(json) instanceof PayloadReader.Reading.Body body) {
      return body.json();
    }
    throw new IllegalArgumentException("no JSON: " + json);
  }

  static RenderedMail render(EventType type, com.fasterxml.jackson.databind.JsonNode body) {
    EventPayload payload = type.payload(body);
    return type.render(
        RenderRequest.of(
            payload, "<1.test@retour.example>", Instant.parse("2026-11-21T08:00:00Z")));
  }

  /** Renders an event whose only field is this name. */
  static RenderedMail renderName(EventType type, String name) {
    com.fasterxml.jackson.databind.node.ObjectNode body =
        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    body.put("email", "ada@example.org");
    body.putObject("ctx").put("name", name);
    return render(type, body);
  }
}
