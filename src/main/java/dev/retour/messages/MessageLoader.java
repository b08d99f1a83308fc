package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.config.FileFault;
import dev.retour.store.Sources;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Loads one event type and proves that it works: rules, schema, and every profile rendered. */
final class MessageLoader {
  private final MessagesConfig config;
  private final PayloadReader reader;
  private final MessageFiles files;
  private final List<FileFault> faults = new ArrayList<>();
  private @Nullable EventDefinition loaded;

  MessageLoader(MessagesConfig config, MessageFiles files) {
    this.config = config;
    this.reader = new PayloadReader(config);
    this.files = files;
  }

  List<FileFault> faults() {
    return faults;
  }

  /** The event type; nothing when it has a fault, which is then in the list of faults. */
  Optional<EventType> load(String folder) {
    return load(folder, true);
  }

  /** The same for what was found without fault before: it is not proven again. */
  Optional<EventType> checked(String folder) {
    return load(folder, false);
  }

  private Optional<EventType> load(String folder, boolean proof) {
    int before = faults.size();
    Map<String, String> visible = files.visibleTo(folder);
    String yaml = visible.get(folder + "/event.yaml");
    if (yaml == null) {
      faults.add(new FileFault(folder + "/event.yaml", 0, "The file is missing."));
      return Optional.empty();
    }
    Optional<EventDefinition> parsed = new EventFileParser(folder, faults).parse(yaml);
    if (parsed.isEmpty()) {
      return Optional.empty();
    }
    EventDefinition definition = parsed.get();
    loaded = definition;
    if (proof) {
      if (definition.handling().category() != null && !config.unsubscribe().isSet()) {
        faults.add(UnsubscribeParser.nowhere(definition.file(), yaml));
      }
      rules(definition, visible);
    }
    TemplateEngine engine = new TemplateEngine(visible, definition.shape(), config);
    MessageTemplates templates = MessageTemplates.compile(definition, visible, engine, faults);
    if (faults.size() > before) {
      return Optional.empty();
    }
    ContentRenderer renderer = new ContentRenderer(definition, templates, engine, config);
    ObjectNode schema = PayloadSchema.of(definition);
    Map<String, JsonNode> profiles = profiles(folder, visible);
    EventType type = new EventType(definition, schema, renderer, sample(definition, profiles));
    if (!proof) {
      return Optional.of(type);
    }
    profiles.forEach((file, body) -> validate(type, file, body));
    if (faults.size() == before) {
      Rehearsal rehearsal =
          new Rehearsal(templates, engine, renderer, visible, config.htmlBytesMax());
      profiles.forEach((file, body) -> rehearsal.play(file, type.event(TestProfile.of(body))));
      rehearsal.play(
          "a generated event with every field",
          type.event(EventType.unchecked(SamplePayload.full(definition)), null, true));
      rehearsal.play(
          "a generated event with only required fields",
          type.event(EventType.unchecked(SamplePayload.minimal(definition)), null, false));
      faults.addAll(rehearsal.faults());
    }
    return faults.size() > before ? Optional.empty() : Optional.of(type);
  }

  private void rules(EventDefinition definition, Map<String, String> visible) {
    TemplateRules rules = new TemplateRules(definition.shape(), faults);
    // All that it names, and what that names: the same files that a version of it holds.
    Set<String> used = files.draft(definition.id()).texts().keySet();
    visible.forEach(
        (file, source) -> {
          String name = file.substring(file.lastIndexOf('/') + 1);
          String ending = name.substring(name.lastIndexOf('.') + 1);
          boolean text = ending.equals("txt");
          boolean markup = List.of("mjml", "html", "ftl").contains(ending);
          if ((markup || text) && used.contains(file)) {
            rules.check(file, source);
            // A text that is not a part of its own may be included in markup.
            if (markup || !(name.startsWith("subject.") || name.startsWith("message."))) {
              rules.checkMarkup(file, source);
            }
          }
        });
    definition
        .headers()
        .values()
        .forEach(
            header -> {
              List<FileFault> found = new ArrayList<>();
              new TemplateRules(definition.shape(), found).check(definition.file(), header.text());
              found.forEach(
                  one -> faults.add(new FileFault(one.file(), header.line(), one.text())));
            });
  }

  private Map<String, JsonNode> profiles(String folder, Map<String, String> visible) {
    Map<String, JsonNode> profiles = new LinkedHashMap<>();
    visible.forEach(
        (file, text) -> {
          if (file.startsWith(folder + "/test-profiles/") && file.endsWith(".json")) {
            PayloadReader.Reading reading = reader.read(text.getBytes(StandardCharsets.UTF_8));
            if (reading instanceof PayloadReader.Reading.Body body) {
              profiles.put(file, SamplePayload.completed(body.json()));
            } else if (reading instanceof PayloadReader.Reading.Unreadable unreadable) {
              unreadable
                  .faults()
                  .forEach(fault -> faults.add(new FileFault(file, 0, fault.toString())));
            }
          }
        });
    return profiles;
  }

  private void validate(EventType type, String file, JsonNode body) {
    for (PayloadFault fault : type.faults(TestProfile.of(body))) {
      faults.add(new FileFault(file, 0, fault.toString()));
    }
  }

  /** The test profile "sample", else the first one, else a generated event. */
  private static JsonNode sample(EventDefinition definition, Map<String, JsonNode> profiles) {
    JsonNode chosen = profiles.get(definition.id() + "/test-profiles/sample.json");
    return chosen != null
        ? chosen
        : profiles.values().stream().findFirst().orElseGet(() -> SamplePayload.full(definition));
  }

  /** Has the sources prepare the statements of the one loaded last. */
  void check(Sources sources, List<String> warnings) {
    if (loaded != null) {
      new EnrichmentCheck(loaded, sources, faults, warnings).check();
    }
  }
}
