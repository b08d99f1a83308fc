package dev.retour.events;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some events, the newest first.
 *
 * @param next where the next page begins; null when this was the last one
 * @param lookedAt how many were looked at to find these: a search by status looks at a bounded
 *     number, and a page may hold fewer than asked for although there are more
 */
public record EventPage(List<EventView> events, @Nullable Place next, int lookedAt) {
  /** Copies the list. */
  public EventPage {
    events = List.copyOf(events);
  }

  /** Behind one event. */
  public record Place(Instant receivedAt, UUID id) {
    /** Before the newest. */
    /** Of a time with a year of four digits. */
    private static final int TIME_CHARS_MAX = 30;

    static final Place FIRST = new Place(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1L, -1L));

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static Place of(@Nullable String text) {
      if (text == null) {
        return FIRST;
      }
      String[] parts = text.split("_", 2);
      try {
        if (parts.length == 2 && parts[0].length() <= TIME_CHARS_MAX) {
          return new Place(Instant.parse(parts[0]), UUID.fromString(parts[1]));
        }
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new IllegalArgumentException("after is what next said on the page before.", e);
      }
      throw new IllegalArgumentException("after is what next said on the page before.");
    }

    @Override
    public String toString() {
      return receivedAt + "_" + id;
    }
  }
}
