package dev.retour.messages;

import java.time.Instant;

/** Where a message stands in its life cycle (spec C5), and so what becomes of its events. */
public sealed interface Standing {
  /** There is no message of this id: its events are refused as unknown. */
  record Unknown() implements Standing {}

  /**
   * Not in force: events are refused.
   *
   * @param everPublished whether it was published before
   */
  record Draft(boolean everPublished) implements Standing {}

  /** Events become mails by this version. */
  record Published(int version) implements Standing {}

  /**
   * Events are kept and wait.
   *
   * @param version in force when it is resumed
   * @param because why, for people; may be empty
   */
  record Paused(int version, Instant since, String by, String because) implements Standing {}
}
