package dev.retour.quarantine;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every change of an address's standing, whoever made it: barred, freed, put on a list
 * or taken off it. That errors were counted or forgotten is no such change.
 */
@FunctionalInterface
public interface StandingListener {
  /** For those nobody listens to. */
  StandingListener NOBODY = (handle, change, failure) -> {};

  /**
   * Within the transaction of the change, one change at a time.
   *
   * @param change as it stands in the history
   * @param failure what led to it; null: a person or the clean-up
   */
  void changed(Handle handle, AddressHistoryEntry change, @Nullable AddressFailure failure);

  /**
   * An address was put on the list of a category, or taken off it; its state is as it was. Within
   * the transaction of the change.
   *
   * @param change as it stands in the history
   * @param category which
   * @param left whether it gets no more of these mails
   */
  default void subscribed(
      Handle handle, AddressHistoryEntry change, String category, boolean left) {}
}
