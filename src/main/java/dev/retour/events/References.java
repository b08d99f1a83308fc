package dev.retour.events;

import dev.retour.messages.FileReference;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that events name instead of bringing them (spec B14): {@code {"store": "archive",
 * "key": "2026/INV-1.pdf"}}. A store is a folder or a table that an operator has configured; a key
 * is never an address, so no event can make Retour call anybody (CWE-918). Files are read when the
 * event is accepted and kept: what changes in a store later changes no mail.
 */
public final class References {
  private static final Logger log = LoggerFactory.getLogger(References.class);

  /** Files in memory before their events are checked. */
  private static final int AT_ONCE_MAX = 4;

  private static final long WAIT_SECONDS = 10;
  private static final String NO_ADDRESS =
      "a key within the store; addresses (URLs) are never called";

  private final FileTables tables;
  private final InstantSource clock;
  private final Semaphore reading = new Semaphore(AT_ONCE_MAX);
  private final Map<String, StoreGate> gates = new ConcurrentHashMap<>();
  private volatile Map<String, FileStore> stores = Map.of();

  private References(FileTables tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  /** There are no stores. */
  static References none() {
    return new References(FileTables.none(), InstantSource.system());
  }

  /**
   * Reads which stores there are; none when there is no such file.
   *
   * @param tables asks the databases of stores that are tables
   * @throws ReferenceRulesException with every fault of the file
   */
  public static References load(Path file, FileTables tables, InstantSource clock) {
    References references = new References(tables, clock);
    references.reload(file);
    return references;
  }

  /**
   * Reads them anew; on a fault those in force stay.
   *
   * @throws ReferenceRulesException with every fault of the file
   */
  public void reload(Path file) {
    List<FileStore> read = new ReferenceRules(file, tables).read();
    Map<String, FileStore> byId = new LinkedHashMap<>();
    read.forEach(store -> byId.put(store.id(), store));
    stores = byId;
    gates.clear();
  }

  /** Fetches the file of a reference. */
  FileAnswer fetch(FileReference reference) {
    FileStore store = stores.get(reference.store());
    if (store == null) {
      return new FileAnswer.Away(
          "There is no store " + reference.store() + " in events.attachment-stores.");
    }
    Optional<FileAnswer.Refused> refused = refused(reference.key());
    if (refused.isPresent()) {
      return refused.get();
    }
    StoreGate gate = gates.computeIfAbsent(store.id(), id -> new StoreGate(clock));
    if (!gate.mayTry()) {
      return new FileAnswer.Away("The store " + store.id() + " does not answer.");
    }
    FileAnswer answer = oneOfFew(() -> store.fetch(reference.key(), reference.bytesMax()));
    if (answer instanceof FileAnswer.Away away) {
      if (gate.fails()) {
        log.warn("Events that name files are refused with 503: {}", away.because());
      }
    } else {
      gate.works();
    }
    return answer;
  }

  private interface Fetch {
    FileAnswer fetch();
  }

  private FileAnswer oneOfFew(Fetch fetch) {
    try {
      if (!reading.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return new FileAnswer.Away("Other files are being read.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new FileAnswer.Away("Retour is stopping.");
    }
    try {
      return fetch.fetch();
    } finally {
      reading.release();
    }
  }

  /** What no store takes as a key. */
  private static Optional<FileAnswer.Refused> refused(String key) {
    String found = "\"" + key.replaceAll("\\p{Cntrl}", "?") + "\"";
    if (key.isBlank() || key.chars().anyMatch(Character::isISOControl)) {
      return Optional.of(new FileAnswer.Refused("a key of visible characters", found));
    }
    return isAddress(key)
        ? Optional.of(new FileAnswer.Refused(NO_ADDRESS, found))
        : Optional.empty();
  }

  /** Whether it begins with a scheme (RFC 3986 section 3.1), a drive, or two slashes. */
  private static boolean isAddress(String key) {
    if (key.startsWith("//") || key.startsWith("\\\\")) {
      return true;
    }
    int colon = key.indexOf(':');
    return colon > 0
        && isLetter(key.charAt(0))
        && key.substring(0, colon)
            .chars()
            .allMatch(c -> isLetter((char) c) || (c >= '0' && c <= '9') || "+-.".indexOf(c) >= 0);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
