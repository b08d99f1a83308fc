package dev.retour.messages;

import java.time.InstantSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The proofs of each message, counted from 1 over all its versions (spec C6). */
public final class ProofLog {
  private final InstantSource clock;
  private final MessageLogStore log = new MessageLogStore();

  ProofLog(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Notes a proof in the history of its message, within the caller's transaction.
   *
   * @param version null: of what the folder holds
   * @return its number; nobody else gets the same
   */
  public int next(Handle handle, MessageOrder order, @Nullable Integer version) {
    int number = log.count(handle, order.id(), MessageLogEntry.What.PROOF) + 1;
    log.insert(
        handle,
        order.id(),
        new MessageLogEntry(
            clock.instant(), order.by(), MessageLogEntry.What.PROOF, version, order.because()));
    return number;
  }
}
