package dev.retour.events;

import dev.retour.events.IntakeStore.Beginning;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a decision becomes where the message stands otherwise than the process knew when it took it:
 * paused events wait, those of a message that is off are ended, and a mail made by a version that
 * is no longer in force is made anew.
 */
final class Routing {
  /** Until then every process has seen the change. */
  private static final Duration SEEN_BY_ALL = Duration.ofSeconds(1);

  private final EventsConfig config;

  Routing(EventsConfig config) {
    this.config = config;
  }

  /**
   * The decision that holds.
   *
   * @param state of its message, held; null when the database knows none
   */
  Decision of(Decision decided, @Nullable MessageState state) {
    DueEvent event = decided.event();
    if (decided instanceof Decision.Ended ended && !isUntargeted(ended)) {
      return decided;
    }
    if (state == null) {
      return decided instanceof Decision.Unrouted
          ? lost(decided, "There is no message " + event.eventType() + ".")
          : decided;
    }
    if (state.isOff()) {
      return lost(decided, state.takesNone());
    }
    if (state.isPaused()) {
      Instant until = config.tooOldAt(event.expiration(), event.from());
      return new Decision.Held(event, until, state.waitsUntil(until), decided.at());
    }
    if (decided instanceof Decision.Unrouted unrouted) {
      if (!Integer.valueOf(unrouted.version()).equals(state.version())) {
        return new Decision.PutBack(event, decided.at().plus(SEEN_BY_ALL), decided.at());
      }
      String fault =
          "Version " + state.version() + " of " + state.id() + " cannot be used; the log says why.";
      return new Decision.Postponed(event, fault, unrouted.delay(), 0, unrouted.at());
    }
    boolean outdated =
        decided.version() > 0 && !Integer.valueOf(decided.version()).equals(state.version());
    return outdated
        ? new Decision.PutBack(event, decided.at().plus(SEEN_BY_ALL), decided.at())
        : decided;
  }

  /** What its message asked for was not there: while that is paused, it may be repaired yet. */
  private static boolean isUntargeted(Decision.Ended ended) {
    return ended.end().status().equals("targetingFailed");
  }

  private static Decision lost(Decision decided, String sentence) {
    Beginning end = new Beginning("routingFailed", null, sentence, null);
    return new Decision.Ended(decided.event(), end, decided.at());
  }
}
