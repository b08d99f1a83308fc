package dev.retour.messages;

import dev.retour.store.StoreFault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in force, as the database says: read anew when something changed, by whatever process, at
 * most a second late. A version is made ready when it is first used; those used longest ago make
 * room, so that two thousand messages cost no more than the two hundred that are busy, and large
 * ones no more than many small ones. What a version takes in memory grows with its files and the
 * HTML made of them: their characters are the measure, as good as any and known at once.
 */
final class PublishedMessages implements MessageSource {
  private static final Logger log = LoggerFactory.getLogger(PublishedMessages.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int READY_MAX = 200;
  private static final long READY_CHARS_MAX = 16_000_000;

  private final Jdbi jdbi;
  private final InstantSource realTime;
  private final MessagesConfig config;
  private final MessageStore messages = new MessageStore();
  private final VersionStore versions = new VersionStore();
  private final ReentrantLock looking = new ReentrantLock();
  private final ReadyCache<Key, Optional<EventType>> ready;
  private volatile @Nullable Map<String, MessageRow> rows;
  private volatile Instant looked = Instant.MIN;
  private MessageStore.Stamp stamp = new MessageStore.Stamp(-1, -1);

  private record Key(String id, int version) {}

  PublishedMessages(Jdbi jdbi, InstantSource realTime, MessagesConfig config) {
    this.jdbi = jdbi;
    this.realTime = realTime;
    this.config = config;
    this.ready = new ReadyCache<>(READY_MAX, READY_CHARS_MAX, this::made);
  }

  @Override
  public Optional<EventType> find(String id) {
    MessageRow row = look().get(id);
    return row == null || row.version() == null
        ? Optional.empty()
        : ready.get(new Key(id, row.version()));
  }

  @Override
  public Standing standing(String id) {
    MessageRow row = look().get(id);
    return row == null ? new Standing.Unknown() : row.standing();
  }

  @Override
  public SortedSet<String> ids() {
    return look().values().stream()
        .filter(row -> row.version() != null)
        .map(MessageRow::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Sees what was just committed, without waiting for the next look.
   *
   * @throws JdbiException when the database cannot be asked
   */
  void refresh() {
    looking.lock();
    try {
      looked = realTime.instant();
      jdbi.useTransaction(
          handle -> {
            MessageStore.Stamp now = messages.stamp(handle);
            if (!now.equals(stamp)) {
              rows =
                  messages.all(handle).stream()
                      .collect(Collectors.toUnmodifiableMap(MessageRow::id, row -> row));
              stamp = now;
            }
          });
    } finally {
      looking.unlock();
    }
  }

  /** Once a second, by whoever comes by; the others need not wait for it, but the first time. */
  private Map<String, MessageRow> look() {
    Map<String, MessageRow> known = rows;
    if (known == null) {
      refresh();
    } else if (isTime(realTime.instant()) && looking.tryLock()) {
      try {
        refresh();
      } catch (JdbiException e) {
        // What was in force stays so; who goes on meets the database's fault on its own way.
        if (!StoreFault.isAway(e)) {
          log.warn("It cannot be seen whether messages changed; those in force stay so.", e);
        }
      } finally {
        looking.unlock();
      }
    }
    return Objects.requireNonNull(rows, "read above");
  }

  /** Also when the clock was set back. */
  private boolean isTime(Instant now) {
    return now.isBefore(looked) || !now.isBefore(looked.plus(LOOK_EVERY));
  }

  private ReadyCache.Made<Optional<EventType>> made(Key key) {
    VersionStore.Content content =
        jdbi.withHandle(handle -> versions.content(handle, key.id(), key.version()))
            .orElseThrow(() -> new IllegalStateException(key + " is in force and not stored."));
    try {
      StoredVersion version = StoredVersion.of(key.id(), key.version(), content);
      return new ReadyCache.Made<>(Optional.of(version.ready(config)), version.characters());
    } catch (MessageArchive.Refused | MessageSetException e) {
      log.error(
          "Version {} of {} cannot be used; its events wait. Publish it anew.",
          key.version(),
          key.id(),
          e);
      return new ReadyCache.Made<>(Optional.empty(), 0);
    }
  }
}
