package dev.retour.events;

import dev.retour.delivery.NewPackage;
import dev.retour.events.IntakeStore.Beginning;
import dev.retour.mail.EmailAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** What is to become of an event that was taken. */
sealed interface Decision {
  DueEvent event();

  /** When it was decided. */
  Instant at();

  /** For the log, once it is so. */
  String sentence();

  default Level level() {
    return Level.INFO;
  }

  /** Of the mail it holds in memory until it is carried out. */
  default int bytes() {
    return 0;
  }

  /** The version of the message it was decided by; 0 when that does not matter. */
  default int version() {
    return 0;
  }

  /** Its mail goes to the queue. */
  record Queued(DueEvent event, NewPackage mail, int version, Instant at) implements Decision {
    @Override
    public String sentence() {
      return "Queued as " + event.eventType();
    }

    @Override
    public int bytes() {
      return mail.raw().length;
    }
  }

  /**
   * Its mail cannot be made now.
   *
   * @param fault why, for the operator
   */
  record Postponed(DueEvent event, String fault, Duration delay, int version, Instant at)
      implements Decision {
    @Override
    public String sentence() {
      return "Not queued, tried again in " + delay.toSeconds() + " s: " + fault;
    }

    @Override
    public Level level() {
      return Level.WARN;
    }
  }

  /**
   * This process knows no message for it; whether there is one is for the database to say.
   *
   * @param delay to the next try if there is one
   * @param version in force as this process knows; 0: none
   */
  record Unrouted(DueEvent event, Duration delay, int version, Instant at) implements Decision {
    @Override
    public String sentence() {
      return "No message known";
    }
  }

  /**
   * Other databases said what its mail needs; the next turn makes it.
   *
   * @param values as JSON
   * @param recipient of a profile event; null: it brought its own
   */
  record Enriched(
      DueEvent event, String values, @Nullable EmailAddress recipient, int version, Instant at)
      implements Decision {
    @Override
    public String sentence() {
      return "Enriched for " + event.eventType();
    }

    @Override
    public Level level() {
      return Level.DEBUG;
    }
  }

  /**
   * It is looked at again later; that counts as no try.
   *
   * @param missing whether another database has nothing for it yet
   */
  record Waiting(
      DueEvent event, String fault, Instant due, boolean missing, int version, Instant at)
      implements Decision {
    @Override
    public String sentence() {
      return "Waits until " + due + ": " + fault;
    }

    @Override
    public Level level() {
      return Level.DEBUG;
    }
  }

  /** Its mail was made by a version that is no longer in force. */
  record PutBack(DueEvent event, Instant due, Instant at) implements Decision {
    @Override
    public String sentence() {
      return "Made anew, as another version is in force";
    }
  }

  /** Its message is paused. */
  record Held(DueEvent event, Instant until, String fault, Instant at) implements Decision {
    @Override
    public String sentence() {
      return "paused: " + fault;
    }
  }

  /** There will be no mail. */
  record Ended(DueEvent event, Beginning end, Instant at) implements Decision {
    @Override
    public String sentence() {
      return end.status() + ": " + end.fault();
    }
  }
}
