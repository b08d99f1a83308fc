package dev.retour.messages;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A checked, immutable set of event types with their messages: everything in one folder, as it was
 * when it was loaded. A set with a fault is never built.
 */
public final class MessageLibrary implements MessageSource {
  private final TreeMap<String, EventType> types;
  private final String version;

  private MessageLibrary(Map<String, EventType> types, String version) {
    this.types = new TreeMap<>(types);
    this.version = version;
  }

  /**
   * Loads a folder with the default settings.
   *
   * @throws MessageSetException with every fault, when there is at least one
   */
  public static MessageLibrary load(Path folder) {
    return load(MessagesConfig.of(folder));
  }

  /**
   * Loads the folder of the settings: reads all files, compiles every template, and renders every
   * message with all its test profiles and two generated events.
   *
   * @throws MessageSetException with every fault, when there is at least one
   */
  public static MessageLibrary load(MessagesConfig config) {
    List<FileFault> faults = new ArrayList<>();
    MessageLibrary library = read(config, faults);
    if (!faults.isEmpty()) {
      throw new MessageSetException(sorted(faults));
    }
    return library;
  }

  /** All faults of the folder of the settings, by file and line; empty when it is usable. */
  public static List<FileFault> check(MessagesConfig config) {
    List<FileFault> faults = new ArrayList<>();
    read(config, faults);
    return sorted(faults);
  }

  /**
   * One message as the folder of the settings has it now: compiled, but not rehearsed. Nothing when
   * there is no such folder.
   *
   * @throws MessageSetException when it cannot be compiled
   */
  public static Optional<EventType> find(MessagesConfig config, String id) {
    if (!MessageFiles.isEventTypeId(id)) {
      return Optional.empty();
    }
    MessageFiles files = MessageFiles.read(config.messages(), id);
    if (files.of(id).isEmpty()) {
      return Optional.empty();
    }
    MessageLoader loader = new MessageLoader(config, files);
    Optional<EventType> type = loader.checked(id);
    if (type.isEmpty()) {
      throw new MessageSetException(sorted(loader.faults()));
    }
    return type;
  }

  private static MessageLibrary read(MessagesConfig config, List<FileFault> faults) {
    MessageFiles files = MessageFiles.read(config.messages());
    faults.addAll(files.faults());
    MessageLoader loader = new MessageLoader(config, files);
    Map<String, EventType> types = new TreeMap<>();
    for (String folder : files.eventTypes()) {
      loader.load(folder).ifPresent(type -> types.put(folder, type));
    }
    faults.addAll(loader.faults());
    return new MessageLibrary(types, files.version());
  }

  static List<FileFault> sorted(List<FileFault> faults) {
    return faults.stream()
        .distinct()
        .sorted(
            Comparator.comparing(FileFault::file)
                .thenComparingInt(FileFault::line)
                .thenComparing(FileFault::text))
        .toList();
  }

  /** The event type of an id; nothing when there is none. */
  @Override
  public Optional<EventType> find(String id) {
    return Optional.ofNullable(types.get(id));
  }

  /** Everything in a folder counts as in force. */
  @Override
  public Standing standing(String id) {
    return types.containsKey(id) ? new Standing.Published(1) : new Standing.Unknown();
  }

  /** All ids, sorted; a copy. */
  @Override
  public SortedSet<String> ids() {
    return new TreeSet<>(types.keySet());
  }

  /** Short hash over all files. */
  public String version() {
    return version;
  }
}
