package dev.retour.domains;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;

/**
 * Connections and messages per hour to mail exchangers, over all sidecars on the database. What a
 * sidecar holds is leased: the share of one that died returns by itself.
 */
final class MxLimits {
  private static final int SLOTS_PER_HOUR = 12;
  private static final int PORTION = 10;
  private static final int KEYS_MAX = 50_000;
  private static final Duration CONNECTION_WAIT = Duration.ofSeconds(2);
  private static final Duration CONNECTION_GAP = Duration.ofMillis(100);

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final String owner;
  private final Duration lease;
  private final MxStore store = new MxStore();
  private final Spread spread = new Spread();
  private final Map<String, Connections> connections = new ConcurrentHashMap<>();
  private final Map<String, Messages> messages = new ConcurrentHashMap<>();

  /** What this sidecar holds of one limit. */
  private static final class Connections {
    private int held;
    private int stored;
    private Instant until = Instant.EPOCH;
  }

  /** What is left of the portion taken. */
  private static final class Messages {
    private Instant slot = Instant.EPOCH;
    private int left;
    private boolean empty;
  }

  /**
   * @param owner the name of this sidecar, unique on the database
   */
  MxLimits(Jdbi jdbi, InstantSource clock, String owner, Duration lease) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.owner = owner;
    this.lease = lease;
  }

  /** Takes one message, or says when to come again. */
  Optional<Instant> message(Hop hop) {
    MxRule rule = hop.rule();
    if (rule.messagesPerHour() == 0) {
      return Optional.empty();
    }
    String key = hop.countedAs();
    Instant now = clock.instant();
    Instant slot = Suspensions.slotOf(now);
    if (messages.size() > KEYS_MAX) {
      messages.values().removeIf(each -> each.slot.isBefore(slot));
    }
    Messages own = messages.computeIfAbsent(key, fresh -> new Messages());
    synchronized (own) {
      if (!own.slot.equals(slot)) {
        own.slot = slot;
        own.left = 0;
        own.empty = false;
      }
      if (own.left == 0 && !own.empty) {
        int most = rule.messagesInSlot(numberInHour(slot));
        // A small allowance in small portions: what one sidecar holds back, another lacks.
        int portion = Math.min(PORTION, Math.max(1, most / (2 * PORTION)));
        own.left = jdbi.inTransaction(handle -> store.take(handle, key, slot, portion, most));
        own.empty = own.left == 0;
      }
      if (own.left > 0) {
        own.left--;
        return Optional.empty();
      }
    }
    Duration gap = Duration.ofHours(1).dividedBy(rule.messagesPerHour());
    return Optional.of(spread.place("messages " + key, slot.plus(Suspensions.SLOT), gap));
  }

  /** Takes one connection, or says when to come again. */
  Optional<Instant> connect(Hop hop) {
    String key = hop.countedAs();
    int most = hop.rule().connections();
    Instant now = clock.instant();
    Connections own = connections.computeIfAbsent(key, fresh -> new Connections());
    synchronized (own) {
      boolean stored = own.held < own.stored && now.isBefore(own.until);
      if (own.held < most && (stored || hold(key, own, most, now))) {
        own.held++;
        return Optional.empty();
      }
    }
    return Optional.of(
        spread.place("connections " + key, now.plus(CONNECTION_WAIT), CONNECTION_GAP));
  }

  void disconnected(Hop hop) {
    Connections own = connections.get(hop.countedAs());
    if (own != null) {
      synchronized (own) {
        own.held--;
      }
    }
  }

  /** Gives back what is no longer held and keeps the rest; to be called every second or so. */
  void renew() {
    Instant now = clock.instant();
    connections.forEach(
        (key, own) -> {
          synchronized (own) {
            boolean aging = own.until.isBefore(now.plus(lease.dividedBy(2)));
            if (own.held != own.stored || (own.held > 0 && aging)) {
              MxStore.Share share = new MxStore.Share(key, owner, own.held, now.plus(lease));
              jdbi.useTransaction(handle -> store.renew(handle, share));
              own.stored = own.held;
              own.until = share.until();
            }
          }
        });
  }

  int clean(Instant before) {
    return jdbi.inTransaction(handle -> store.clean(handle, before));
  }

  private boolean hold(String key, Connections own, int most, Instant now) {
    MxStore.Share share = new MxStore.Share(key, owner, own.held + 1, now.plus(lease));
    boolean ours = jdbi.inTransaction(handle -> store.hold(handle, share, most, now));
    if (ours) {
      own.stored = share.connections();
      own.until = share.until();
    }
    return ours;
  }

  private static int numberInHour(Instant slot) {
    return (int) (slot.getEpochSecond() / Suspensions.SLOT.toSeconds() % SLOTS_PER_HOUR);
  }
}
