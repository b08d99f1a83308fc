package dev.retour.messages;

import dev.retour.config.FileFault;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A draft that may become a version: everything in it was checked, and its MJML is compiled.
 *
 * @param compiled the HTML by the name the compiler looks for
 */
record Publication(Draft draft, SortedMap<String, String> compiled) {
  Publication {
    compiled = new TreeMap<>(compiled);
  }

  /**
   * Checks everything a mail could fail of: schema, every template in every language with all test
   * profiles and generated events, links, subject, variables, alternative texts.
   *
   * @throws MessageSetException with every fault: the draft is refused as a whole
   */
  static Publication of(Draft draft, MessagesConfig config) {
    MessageFiles files = MessageFiles.of(draft.texts());
    MessageLoader loader = new MessageLoader(config, files);
    List<FileFault> faults = new ArrayList<>();
    SortedMap<String, String> compiled = new TreeMap<>();
    loader
        .load(draft.id())
        .ifPresent(
            type -> compiled.putAll(MjmlCompiler.compiled(draft.texts(), type.language(), faults)));
    faults.addAll(loader.faults());
    if (!faults.isEmpty()) {
      throw new MessageSetException(faults);
    }
    return new Publication(draft, compiled);
  }

  /** Makes a version ready for use; it was checked when it was published. */
  static EventType ready(
      String id,
      SortedMap<String, String> texts,
      SortedMap<String, String> compiled,
      MessagesConfig config) {
    SortedMap<String, String> all = new TreeMap<>(texts);
    all.putAll(compiled);
    MessageLoader loader = new MessageLoader(config, MessageFiles.of(all));
    return loader.checked(id).orElseThrow(() -> new MessageSetException(loader.faults()));
  }
}
