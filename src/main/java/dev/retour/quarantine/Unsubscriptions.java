package dev.retour.quarantine;

import dev.retour.qualification.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Who unsubscribed from what. Each category has a denylist of its own: the gate answers 8 for its
 * mails, all others go on. Every change stands in the history of the address.
 */
public final class Unsubscriptions {
  private static final int LIST_MAX = 10_000;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final StandingListener listener;
  private final UnsubscriptionStore store = new UnsubscriptionStore();
  private final AddressStore addresses = new AddressStore();
  private final AddressHistoryStore history = new AddressHistoryStore();

  /**
   * Works on the tables behind {@code jdbi}.
   *
   * @param listener is told of each change
   */
  public Unsubscriptions(Jdbi jdbi, InstantSource clock, StandingListener listener) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * The owner of the address wants no more of this category; doing it again changes nothing.
   *
   * @param eventId whose mail carried the link
   * @return false when it was unsubscribed already
   */
  public boolean unsubscribe(
      String address, String category, Unsubscription.How how, UUID eventId) {
    Unsubscription fresh =
        new Unsubscription(key(address), category, clock.instant(), how, eventId);
    return jdbi.inTransaction(
        handle -> {
          boolean changed = store.insert(handle, fresh);
          if (changed) {
            note(
                handle,
                fresh.address(),
                new Note(
                    category,
                    true,
                    "Unsubscribed from " + category + ".",
                    Cause.OPT_OUT,
                    "event " + eventId));
          }
          return changed;
        });
  }

  /**
   * A person puts an address on the list of a category.
   *
   * @return false when it was there already
   */
  public boolean add(String address, String category, String who, String why) {
    Unsubscription fresh =
        new Unsubscription(
            key(address), category, clock.instant(), Unsubscription.How.OPERATOR, null);
    return jdbi.inTransaction(
        handle -> {
          boolean changed = store.insert(handle, fresh);
          if (changed) {
            String text = "Unsubscribed from " + category + ": " + why;
            note(handle, fresh.address(), new Note(category, true, text, Cause.OPERATOR, who));
          }
          return changed;
        });
  }

  /**
   * A person takes an address off the list of a category, as its owner asked for.
   *
   * @return false when it was not there
   */
  public boolean remove(String address, String category, String who, String why) {
    String key = key(address);
    return jdbi.inTransaction(
        handle -> {
          boolean changed = store.delete(handle, new UnsubscriptionStore.Key(key, category));
          if (changed) {
            String text = "Subscribed to " + category + " again: " + why;
            note(handle, key, new Note(category, false, text, Cause.OPERATOR, who));
          }
          return changed;
        });
  }

  /**
   * The newest first.
   *
   * @param category null: all
   * @param address null: all
   */
  public List<Unsubscription> list(@Nullable String category, @Nullable String address, int limit) {
    int max = Math.min(Math.max(limit, 0), LIST_MAX);
    return jdbi.withHandle(
        handle -> store.list(handle, category, address == null ? null : key(address), max));
  }

  /** What stands in the history. */
  private record Note(String category, boolean left, String text, Cause cause, String reference) {}

  /** The state of the address stays as it is: it is one category that is barred or freed. */
  private void note(Handle handle, String address, Note note) {
    AddressState state = addresses.state(handle, address).orElse(AddressState.VALID);
    Instant now = clock.instant();
    AddressHistoryEntry entry =
        new AddressHistoryEntry(
            address,
            now,
            state,
            state,
            0,
            0,
            Reason.ADDRESS_ON_DENYLIST.code(),
            note.text(),
            null,
            note.cause().label(),
            note.reference());
    history.insert(handle, entry);
    listener.subscribed(handle, entry, note.category(), note.left());
  }

  private static String key(String address) {
    return address.strip().toLowerCase(Locale.ROOT);
  }
}
