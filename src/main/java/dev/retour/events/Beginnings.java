package dev.retour.events;

import dev.retour.events.IntakeStore.Beginning;
import dev.retour.quarantine.GateAnswer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an event begins: whether it is worked on now, later, or never. */
final class Beginnings {
  private final EventsConfig config;

  Beginnings(EventsConfig config) {
    this.config = config;
  }

  /** The quick look at the gate; the one directly before sending is the one that counts. */
  Beginning of(NewEvent event, GateAnswer gate, @Nullable MessageState state, Instant now) {
    if (event.payload().expiration() != null && !now.isBefore(event.payload().expiration())) {
      return new Beginning("tooOld", null, "It had expired before it arrived.", null);
    }
    boolean alone = event.payload().wishes().copies().isEmpty();
    Optional<Beginning> ignored =
        alone && gate instanceof GateAnswer.Closed closed
            ? Optional.of(new Beginning("ignored", closed.reason().code(), closed.because(), null))
            : Optional.empty();
    if (ignored.isPresent() && ((GateAnswer.Closed) gate).isAboutAddress()) {
      return ignored.get();
    }
    Instant scheduled = event.payload().scheduled();
    if (scheduled != null && scheduled.isAfter(now)) {
      return new Beginning("pending", null, null, scheduled);
    }
    if (state != null && state.isPaused()) {
      Instant until = config.tooOldAt(event.payload().expiration(), now);
      return new Beginning("paused", null, state.waitsUntil(until), until);
    }
    // What is sent later may be let pass by its rules then.
    return ignored.orElseGet(() -> new Beginning("pending", null, null, now));
  }
}
