package dev.retour.quarantine;

import dev.retour.qualification.Reason;
import org.jspecify.annotations.Nullable;

/** Whether a mail may go to an address; asked last, directly before the SMTP session. */
public sealed interface GateAnswer {
  /** May a mail go out? */
  boolean isOpen();

  /**
   * Send.
   *
   * @param note {@link Reason#ERROR_IGNORED} for an allowlisted address, else null
   */
  record Open(@Nullable Reason note) implements GateAnswer {
    @Override
    public boolean isOpen() {
      return true;
    }
  }

  /**
   * Do not send.
   *
   * @param reason 7, 8 or 9 of spec B1
   * @param because one sentence for the operator
   */
  record Closed(Reason reason, String because) implements GateAnswer {
    @Override
    public boolean isOpen() {
      return false;
    }
  }
}
