package dev.retour.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a message stands, as the database says now; what this process knows may be a second old.
 *
 * @param version in force; null when none is
 * @param newest the highest number ever given
 * @param by who brought it there, and {@code because}, which may be empty, why
 * @param revision counts every change
 */
record MessageState(
    String id,
    String state,
    @Nullable Integer version,
    int newest,
    String because,
    String by,
    Instant since,
    long revision) {

  boolean isPaused() {
    return state.equals("paused");
  }

  /** Whether its events are refused. */
  boolean isOff() {
    return version == null;
  }

  boolean wasEverPublished() {
    return newest > 0;
  }

  /** Why an event waits, for people. */
  String waitsUntil(Instant until) {
    return id + " is paused" + circumstances() + "; the event waits until " + until + ".";
  }

  /** Why there will be no mail, for people. */
  String takesNone() {
    return wasEverPublished()
        ? id + " is not published any more" + circumstances() + "."
        : id + " was never published.";
  }

  private String circumstances() {
    return " since " + since + " by " + by + (because.isEmpty() ? "" : " (" + because + ")");
  }
}
