package dev.retour.domains;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives those who wait for the same thing places one after the other: a backlog that came back all
 * at once would be claimed and put off again and again.
 */
final class Spread {
  private static final int KEYS_MAX = 10_000;

  private final Map<String, Instant> next =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > KEYS_MAX;
        }
      };

  /** The next place, not before {@code from}, at the distance {@code gap} from the one before. */
  synchronized Instant place(String key, Instant from, Duration gap) {
    Instant last = next.get(key);
    Instant place = last == null || last.isBefore(from) ? from : last;
    next.put(key, place.plus(gap));
    return place;
  }

  /** Places given out do not bind any longer. */
  synchronized void forget(String key) {
    next.remove(key);
  }
}
