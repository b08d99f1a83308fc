package dev.retour.delivery;

import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.AddressHistoryEntry;
import dev.retour.quarantine.StandingListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the ERP is to be told, in the transaction of the change it is about: a fact is
 * neither lost nor made up. Each becomes a work package of the processor {@code callback}. What the
 * ERP does not want to know costs no statement.
 */
public final class Facts implements StandingListener {
  private static final Set<Fact> ENDS =
      Set.of(Fact.ERROR, Fact.EXPIRED, Fact.CANCELLED, Fact.UNCERTAIN);

  /** The ERP is told nothing. */
  public static final Facts NONE = new Facts(Set.of(), Duration.ofDays(1), "");

  private final Set<Fact> wanted;
  private final Duration validity;
  private final String tenant;
  private final List<String> ends;
  private final CallbackStore store = new CallbackStore();

  /**
   * Facts as configured.
   *
   * @param wanted which the ERP is told
   * @param validity how long it is tried to tell one
   * @param tenant whose documents these are; empty: not said
   */
  public Facts(Set<Fact> wanted, Duration validity, String tenant) {
    this.wanted = wanted.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(wanted));
    this.validity = validity;
    this.tenant = tenant;
    this.ends = ENDS.stream().filter(wanted::contains).map(Fact::label).sorted().toList();
  }

  /** These mails came into their state in this transaction; what is no end is passed over. */
  public void ended(Handle handle, Collection<Long> ids, Instant now) {
    if (!ends.isEmpty() && !ids.isEmpty()) {
      store.tellStates(handle, ids, ends, stamp(now));
    }
  }

  /** The same for one mail whose new state is known. */
  void ended(Handle handle, long id, PackageState state, Instant now) {
    if (ends.contains(state.label())) {
      ended(handle, List.of(id), now);
    }
  }

  /** The next server has these mails; one statement for all of them. */
  public void sent(Handle handle, Collection<Long> ids, Instant now) {
    if (ids.isEmpty()) {
      return;
    }
    if (wanted.contains(Fact.SENT)) {
      store.tell(handle, ids, Fact.SENT, stamp(now));
    } else if (wanted.contains(Fact.RECOVERED)) {
      store.tellRecovered(handle, ids, stamp(now));
    }
  }

  /** These events ended in this transaction and become no mail. */
  public void withoutMail(Handle handle, Collection<UUID> events, Instant now) {
    if (wanted.contains(Fact.ENDED) && !events.isEmpty()) {
      store.tellEvents(handle, events, stamp(now));
    }
  }

  void bounced(Handle handle, long id, Instant now) {
    tell(handle, List.of(id), Fact.BOUNCED, now);
  }

  void late(Handle handle, Collection<Long> ids, Instant now) {
    tell(handle, ids, Fact.LATE, now);
  }

  /** An address is barred, freed, put on a list or taken off it; the fact is about the address. */
  @Override
  public void changed(Handle handle, AddressHistoryEntry change, @Nullable AddressFailure failure) {
    Fact fact =
        switch (change.after()) {
          case QUARANTINED -> Fact.QUARANTINED;
          case DENYLISTED -> Fact.DENYLISTED;
          case ALLOWLISTED -> Fact.ALLOWLISTED;
          case VALID, WITH_ERRORS -> Fact.RELEASED;
        };
    if (wanted.contains(fact)) {
      store.tellAddress(handle, fact, change, failure, stamp(change.at()));
    }
  }

  /** The text of the fact is the category. */
  @Override
  public void subscribed(Handle handle, AddressHistoryEntry change, String category, boolean left) {
    Fact fact = left ? Fact.UNSUBSCRIBED : Fact.SUBSCRIBED;
    if (wanted.contains(fact)) {
      store.tellAddress(handle, fact, change.saying(category), null, stamp(change.at()));
    }
  }

  private void tell(Handle handle, Collection<Long> ids, Fact fact, Instant now) {
    if (wanted.contains(fact) && !ids.isEmpty()) {
      store.tell(handle, ids, fact, stamp(now));
    }
  }

  private CallbackStore.Stamp stamp(Instant now) {
    return new CallbackStore.Stamp(tenant.isEmpty() ? null : tenant, now, now.plus(validity));
  }
}
