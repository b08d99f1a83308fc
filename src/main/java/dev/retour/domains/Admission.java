package dev.retour.domains;

import java.time.Instant;

/** Whether a mail may go now. */
public sealed interface Admission {
  /** It may, this way. */
  record Go(Route route) implements Admission {}

  /**
   * Not now. This is no failure: no attempt is spent.
   *
   * @param until when to ask again; for a limit spread, so that not all mails ask at once
   * @param suspended true when sending to the domain pauses, false when a limit is reached
   * @param why for the operator
   */
  record Wait(Instant until, boolean suspended, String why) implements Admission {}
}
