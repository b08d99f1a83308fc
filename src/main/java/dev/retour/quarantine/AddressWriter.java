package dev.retour.quarantine;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Writes a change of an address that is held: the row, its history, and to whoever listens, all in
 * the transaction of the change. Nobody else changes the state of an address.
 */
final class AddressWriter {
  private final AddressStore addresses = new AddressStore();
  private final AddressHistoryStore history = new AddressHistoryStore();
  private final StandingListener listener;

  AddressWriter(StandingListener listener) {
    this.listener = listener;
  }

  /** A failure decided it. */
  void failed(
      Handle handle,
      AddressEntry row,
      AddressEntry next,
      AddressFailure failure,
      String boundedText) {
    write(
        handle,
        next,
        new AddressHistoryEntry(
            row.address(),
            next.changedAt(),
            row.state(),
            next.state(),
            row.errors(),
            next.errors(),
            failure.reason().code(),
            boundedText,
            failure.ruleId(),
            failure.cause().label(),
            failure.reference()),
        failure);
  }

  /** Good news, or time, forgave it. */
  void released(
      Handle handle, AddressEntry row, AddressEntry next, Cause cause, @Nullable String reference) {
    write(handle, next, entry(row, next, new Because(null, null, cause, reference)), null);
  }

  /**
   * A person did it.
   *
   * @param reason code of the reason; null: none was given
   */
  void byHand(
      Handle handle, AddressEntry row, AddressEntry next, @Nullable Integer reason, ByHand act) {
    write(
        handle,
        next,
        entry(row, next, new Because(reason, act.why(), Cause.OPERATOR, act.who())),
        null);
  }

  /** Who did it and why. */
  record ByHand(String who, @Nullable String why) {}

  private record Because(
      @Nullable Integer reason, @Nullable String text, Cause cause, @Nullable String reference) {}

  private static AddressHistoryEntry entry(AddressEntry row, AddressEntry next, Because because) {
    return new AddressHistoryEntry(
        row.address(),
        next.changedAt(),
        row.state(),
        next.state(),
        row.errors(),
        next.errors(),
        because.reason(),
        because.text(),
        null,
        because.cause().label(),
        because.reference());
  }

  private void write(
      Handle handle,
      AddressEntry next,
      AddressHistoryEntry change,
      @Nullable AddressFailure failure) {
    addresses.update(handle, next);
    history.insert(handle, change);
    if (change.changesStanding()) {
      listener.changed(handle, change, failure);
    }
  }
}
