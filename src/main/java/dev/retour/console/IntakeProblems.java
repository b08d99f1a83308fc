package dev.retour.console;

import dev.retour.delivery.QueueJson;
import dev.retour.events.EventView;
import dev.retour.events.IntakeAnswer;
import dev.retour.messages.PayloadFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why an event was not taken in, as a problem: of a request, or of a line of a batch. */
final class IntakeProblems {
  static final String RETRY_AFTER_SECONDS = "5";

  private IntakeProblems() {}

  /** The problem of an answer that is neither accepted nor replayed. */
  static Problem of(String eventType, IntakeAnswer answer) {
    if (answer instanceof IntakeAnswer.Invalid invalid) {
      return Problem.of(
              "invalid-payload",
              400,
              "The event does not fit its type",
              "Nothing was accepted. Correct what faults names and post it again.")
          .because(faults(invalid.faults()));
    }
    if (answer instanceof IntakeAnswer.UnknownType) {
      return EventAnswers.unknownTypeProblem(eventType);
    }
    if (answer instanceof IntakeAnswer.NotPublished off) {
      return Problem.of(
          off.everPublished() ? "unpublished" : "not-published",
          off.status(),
          "The message of this event takes no events",
          off.because() + " Nothing was accepted; the refusal is on record.");
    }
    if (answer instanceof IntakeAnswer.Duplicate duplicate) {
      return duplicate(duplicate.earlier());
    }
    if (answer instanceof IntakeAnswer.Conflict conflict) {
      return Problem.of(
          "idempotency-key-reused",
          422,
          "The Idempotency-Key was used for another body",
          "Nothing was accepted. The key belongs to event "
              + conflict.pkey()
              + "; use a new key for a new event.");
    }
    return Problem.of(
        "store-unavailable",
        503,
        "The event cannot be stored now",
        answer.sentence() + " Post it again later, with the same Idempotency-Key if it has one.");
  }

  /** Headers that go with the problem of a whole request. */
  static Map<String, String> headers(IntakeAnswer answer) {
    if (answer instanceof IntakeAnswer.Duplicate duplicate) {
      return Map.of("Location", link(duplicate.earlier()));
    }
    return answer instanceof IntakeAnswer.Unavailable
        ? Map.of("Retry-After", RETRY_AFTER_SECONDS)
        : Map.of();
  }

  /** Never in silence (spec E1.8): where the first one stands, why, and what to do. */
  private static Problem duplicate(EventView earlier) {
    String href = EventAnswers.href(earlier.eventType(), earlier.pkey());
    Map<String, Object> existing = new LinkedHashMap<>();
    existing.put("pkey", earlier.pkey().toString());
    existing.put("href", href);
    existing.put("status", earlier.status());
    if (earlier.workPackage() != null) {
      existing.put("workPackage", earlier.workPackage());
      existing.put("packageHref", link(earlier));
      existing.put("state", String.valueOf(earlier.packageState()));
    }
    if (earlier.reason() != null) {
      existing.put("reason", earlier.reason());
    }
    if (earlier.fault() != null) {
      existing.put("fault", earlier.fault());
    }
    return Problem.of(
            "duplicate",
            409,
            "This document goes to the same recipients already",
            "Nothing was accepted. " + advice(String.valueOf(earlier.packageState())))
        .at(href)
        .about(existing);
  }

  private static String link(EventView earlier) {
    return earlier.workPackage() == null
        ? EventAnswers.href(earlier.eventType(), earlier.pkey())
        : QueueJson.href(earlier.workPackage());
  }

  private static String advice(String state) {
    return switch (state) {
      case "error" ->
          "The first one is in error: repair the cause and clear its error; that is the retry.";
      case "uncertain" ->
          "Nobody knows whether the first one went out; settle it as sent or as not sent.";
      case "sent" ->
          "The first one was sent. To send it once more on purpose, use its action send-again.";
      default -> "The first one is on its way and goes out by itself.";
    };
  }

  private static List<Problem.Fault> faults(List<PayloadFault> faults) {
    return faults.stream()
        .map(fault -> new Problem.Fault(fault.pointer(), fault.expected(), fault.found()))
        .toList();
  }
}
