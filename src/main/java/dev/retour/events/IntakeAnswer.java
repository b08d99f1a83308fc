package dev.retour.events;

import dev.retour.messages.PayloadFault;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** What became of a posted event. Only {@link Accepted} and {@link Replayed} hold one. */
public sealed interface IntakeAnswer {
  /** False when the same request may be answered otherwise later, without being changed. */
  default boolean isFinal() {
    return true;
  }

  /** The answer in words, for a row of the ERP. */
  String sentence();

  /** Stored durably; from here on it is never without a trace. */
  record Accepted(UUID pkey, String status) implements IntakeAnswer {
    @Override
    public String sentence() {
      return "accepted " + pkey;
    }
  }

  /** The same request was accepted before under the same Idempotency-Key. */
  record Replayed(UUID pkey, String status) implements IntakeAnswer {
    @Override
    public String sentence() {
      return "accepted " + pkey;
    }
  }

  /** There is no such event type. */
  record UnknownType(String eventType) implements IntakeAnswer {
    @Override
    public String sentence() {
      return "refused: there is no event type " + eventType;
    }
  }

  /**
   * Its message takes no events: it was never published, or is not published any more. The refusal
   * is on record.
   */
  record NotPublished(String eventType, boolean everPublished, String because)
      implements IntakeAnswer {
    @Override
    public String sentence() {
      return "refused: " + because;
    }

    /** The HTTP status that says so: gone, or not there yet. */
    public int status() {
      return everPublished ? 410 : 409;
    }
  }

  /** The body does not fit the event type; every fault is named. */
  record Invalid(List<PayloadFault> faults) implements IntakeAnswer {
    /** Copies the list. */
    public Invalid {
      faults = List.copyOf(faults);
    }

    @Override
    public String sentence() {
      return faults.stream()
          .map(PayloadFault::toString)
          .collect(Collectors.joining("; ", "refused: ", ""));
    }
  }

  /** The Idempotency-Key was used before with another body. */
  record Conflict(UUID pkey) implements IntakeAnswer {
    @Override
    public String sentence() {
      return "refused: the key was used for another body, event " + pkey;
    }
  }

  /** A mail of the same document to the same recipients is open, in error or sent. */
  record Duplicate(EventView earlier) implements IntakeAnswer {
    @Override
    public String sentence() {
      String fault = earlier.fault() == null ? "" : ": " + earlier.fault();
      String where =
          earlier.workPackage() == null
              ? "event " + earlier.pkey()
              : "work package " + earlier.workPackage() + " (" + earlier.packageState() + ")";
      return "refused: this document goes to the same recipients already, by " + where + fault;
    }
  }

  /** The database cannot commit; nothing was accepted. */
  record Unavailable(String sentence) implements IntakeAnswer {
    @Override
    public boolean isFinal() {
      return false;
    }
  }
}
