package dev.retour.quarantine;

import dev.retour.qualification.Reason;
import java.time.Duration;
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
   * @param reason 7 to 12 or 17 of spec B1
   * @param because one sentence for the operator
   */
  record Closed(Reason reason, String because) implements GateAnswer {
    @Override
    public boolean isOpen() {
      return false;
    }

    /**
     * Whether it is the address that may not be written to, whatever the mail; else a rule excludes
     * this mail now.
     */
    public boolean isAboutAddress() {
      return reason.code() <= Reason.ADDRESS_IN_QUARANTINE.code();
    }
  }

  /**
   * Nobody knows yet; the mail waits, and no attempt of its is spent.
   *
   * @param first how long it waits when it waits for the first time
   * @param because one sentence for the operator
   */
  record Wait(Duration first, String because) implements GateAnswer {
    @Override
    public boolean isOpen() {
      return false;
    }
  }
}
