package dev.retour.messages;

import dev.retour.config.FileFault;
import dev.retour.store.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A draft that may become a version: everything in it was checked, and its MJML is compiled.
 *
 * @param compiled the HTML by the name the compiler looks for
 * @param warnings what could not be checked, for who publishes
 */
record Publication(Draft draft, SortedMap<String, String> compiled, List<String> warnings) {
  Publication {
    compiled = new TreeMap<>(compiled);
    warnings = List.copyOf(warnings);
  }

  /**
   * Checks everything a mail could fail of: schema, every template in every language with all test
   * profiles and generated events, links, subject, variables, alternative texts; and that the
   * sources, where they answer, take the statements of enrichments.
   *
   * @throws MessageSetException with every fault: the draft is refused as a whole
   */
  static Publication of(Draft draft, MessagesConfig config, Sources sources) {
    SortedMap<String, String> compiled =
        MjmlCompiler.compiled(draft.texts(), language(draft), new ArrayList<>());
    SortedMap<String, String> all = new TreeMap<>(draft.texts());
    all.putAll(compiled);
    // What could not be compiled is missing there: the loader meets it again, and says why.
    MessageLoader loader = new MessageLoader(config, MessageFiles.of(all));
    List<String> warnings = new ArrayList<>();
    loader.load(draft.id());
    loader.check(sources, warnings);
    if (!loader.faults().isEmpty()) {
      throw new MessageSetException(loader.faults());
    }
    requireReadable(draft, compiled);
    return new Publication(draft, compiled, warnings);
  }

  /** The warnings behind a sentence; empty when there are none. */
  String warned() {
    return warnings.isEmpty() ? "" : " Warning: " + String.join(" ", warnings);
  }

  /** What could not be read back would be in force and stop every event. */
  private static void requireReadable(Draft draft, SortedMap<String, String> compiled) {
    try {
      MessageArchive.read(MessageArchive.write(draft.texts()));
      MessageArchive.readCompiled(MessageArchive.write(compiled));
    } catch (MessageArchive.Refused e) {
      throw new MessageSetException(
          List.of(new FileFault(draft.id(), 0, String.valueOf(e.getMessage()))));
    }
  }

  private static String language(Draft draft) {
    String yaml = draft.texts().getOrDefault(draft.id() + "/event.yaml", "");
    return new EventFileParser(draft.id(), new ArrayList<>())
        .parse(yaml)
        .map(definition -> definition.language().tag())
        .orElse("en");
  }
}
