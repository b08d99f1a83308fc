package dev.retour.messages;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * What takes a while to make, kept for the next who asks. Whoever asks first makes it, and others
 * wait for that one only. What was asked for longest ago makes room; the one asked for last stays
 * whatever its size, so that nothing is too large to be used.
 */
final class ReadyCache<K, V> {
  private final int countMax;
  private final long sizeMax;
  private final Function<K, Made<V>> maker;
  private final Map<K, CompletableFuture<Made<V>>> kept = new LinkedHashMap<>(64, 0.75f, true);

  /** Something made, and its size in whatever unit the limit has. */
  record Made<V>(V value, long size) {}

  /**
   * An empty one.
   *
   * @param countMax how many are kept, at most
   * @param sizeMax what they may have in size together, in the unit of {@link Made}
   */
  ReadyCache(int countMax, long sizeMax, Function<K, Made<V>> maker) {
    this.countMax = countMax;
    this.sizeMax = sizeMax;
    this.maker = maker;
  }

  /** It, made now if it is not kept; what its maker throws, and then the next one tries again. */
  V get(K key) {
    CompletableFuture<Made<V>> mine = new CompletableFuture<>();
    CompletableFuture<Made<V>> found;
    synchronized (kept) {
      found = kept.putIfAbsent(key, mine);
    }
    if (found != null) {
      return joined(found);
    }
    try {
      mine.complete(maker.apply(key));
    } catch (RuntimeException | Error e) {
      synchronized (kept) {
        kept.remove(key, mine);
      }
      mine.completeExceptionally(e);
      throw e;
    }
    makeRoom();
    return joined(mine);
  }

  private void makeRoom() {
    synchronized (kept) {
      long size = kept.values().stream().mapToLong(ReadyCache::size).sum();
      Iterator<CompletableFuture<Made<V>>> eldest = kept.values().iterator();
      while (kept.size() > 1 && (kept.size() > countMax || size > sizeMax)) {
        size -= size(eldest.next());
        eldest.remove();
      }
    }
  }

  /** What is still being made counts when it is done. */
  private static <V> long size(CompletableFuture<Made<V>> each) {
    return each.isDone() ? each.join().size() : 0;
  }

  private static <V> V joined(CompletableFuture<Made<V>> by) {
    try {
      return by.join().value();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause; // as whoever makes it meets it
      }
      throw e;
    }
  }
}
