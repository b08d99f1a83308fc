package dev.retour.messages;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A version as it was stored: its files, and the HTML that was made of them when it was published.
 * Whoever sends, shows or proofs it makes the same of it, whatever a newer compiler would make of
 * its files.
 *
 * @param texts its files, by path below the folder of messages
 * @param compiled the HTML, by the name {@link MjmlCompiler} looks for
 */
record StoredVersion(
    String id, int number, SortedMap<String, String> texts, SortedMap<String, String> compiled) {
  StoredVersion {
    texts = new TreeMap<>(texts);
    compiled = new TreeMap<>(compiled);
  }

  /**
   * Unpacks it.
   *
   * @throws MessageArchive.Refused when what is stored is damaged
   */
  static StoredVersion of(String id, int number, VersionStore.Content content)
      throws MessageArchive.Refused {
    return new StoredVersion(
        id,
        number,
        MessageArchive.read(content.archive()),
        MessageArchive.readCompiled(content.compiled()));
  }

  /**
   * Makes it ready for use; it was checked when it was published.
   *
   * @throws MessageSetException when this Retour cannot use it any more
   */
  EventType ready(MessagesConfig config) {
    SortedMap<String, String> all = new TreeMap<>(texts);
    all.putAll(compiled);
    MessageLoader loader = new MessageLoader(config, MessageFiles.of(all));
    return loader
        .checked(id)
        .orElseThrow(() -> new MessageSetException(loader.faults()))
        .as(number);
  }

  /** Of all its files and the HTML made of them. */
  long characters() {
    return Stream.concat(texts.values().stream(), compiled.values().stream())
        .mapToLong(String::length)
        .sum();
  }
}
