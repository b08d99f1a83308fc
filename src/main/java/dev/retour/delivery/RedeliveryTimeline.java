package dev.retour.delivery;

import java.time.Instant;
import java.util.List;

/**
 * What a policy means for one mail, if each attempt ends at once and is refused for now.
 *
 * @param attempts the first attempt included
 * @param end the end of validity
 * @param ending why there is no attempt after the last
 */
public record RedeliveryTimeline(List<Attempt> attempts, Instant end, String ending) {
  /**
   * An attempt.
   *
   * @param number 1 for the first
   * @param dueAt not attempted earlier
   * @param why what decides about the time
   */
  public record Attempt(int number, Instant dueAt, String why) {}

  /** Copies the list. */
  public RedeliveryTimeline {
    attempts = List.copyOf(attempts);
  }
}
