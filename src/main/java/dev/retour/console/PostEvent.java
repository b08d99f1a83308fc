package dev.retour.console;

import dev.retour.delivery.QueueJson;
import dev.retour.events.EventIntake;
import dev.retour.events.EventView;
import dev.retour.events.IntakeAnswer;
import dev.retour.messages.PayloadFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/events/{eventType}}: takes an event in (spec C4). */
public final class PostEvent {
  private static final String RETRY_AFTER_SECONDS = "5";

  private final EventIntake intake;

  PostEvent(EventIntake intake) {
    this.intake = intake;
  }

  /**
   * Answers 202 once the event is committed, else a problem that says what to correct.
   *
   * @param contentType must be JSON; that also keeps strangers' web pages from posting by a form,
   *     which browsers send unasked
   * @param idempotencyKey repeats of a request under one key are one event
   */
  public Answer answer(
      @Nullable String eventType,
      byte @Nullable [] body,
      @Nullable String contentType,
      @Nullable String idempotencyKey) {
    if (!isJson(contentType)) {
      return Problem.plain(
              415, "Unsupported Media Type", "Send the event as Content-Type: application/json.")
          .toAnswer();
    }
    String type = String.valueOf(eventType);
    return answer(type, intake.accept(type, body == null ? new byte[0] : body, idempotencyKey));
  }

  private static Answer answer(String eventType, IntakeAnswer answer) {
    if (answer instanceof IntakeAnswer.Accepted accepted) {
      return taken(eventType, accepted.pkey(), accepted.status());
    }
    if (answer instanceof IntakeAnswer.Replayed replayed) {
      return taken(eventType, replayed.pkey(), replayed.status()).with("Idempotent-Replay", "true");
    }
    if (answer instanceof IntakeAnswer.Invalid invalid) {
      return Problem.of(
              "invalid-payload",
              400,
              "The event does not fit its type",
              "Nothing was accepted. Correct what faults names and post it again.")
          .because(faults(invalid.faults()))
          .toAnswer();
    }
    if (answer instanceof IntakeAnswer.UnknownType) {
      return EventAnswers.unknownType(eventType);
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
                  + "; use a new key for a new event.")
          .toAnswer();
    }
    return Problem.of(
            "store-unavailable",
            503,
            "The event cannot be stored now",
            "Nothing was accepted. Post it again later, with the same Idempotency-Key if it has"
                + " one.")
        .toAnswer()
        .with("Retry-After", RETRY_AFTER_SECONDS);
  }

  /** Never in silence (spec E1.8): where the first one stands, why, and what to do. */
  private static Answer duplicate(EventView earlier) {
    String href = EventAnswers.href(earlier.eventType(), earlier.pkey());
    Map<String, Object> existing = new LinkedHashMap<>();
    existing.put("pkey", earlier.pkey().toString());
    existing.put("href", href);
    existing.put("status", earlier.status());
    String link = href;
    if (earlier.workPackage() != null) {
      link = QueueJson.href(earlier.workPackage());
      existing.put("workPackage", earlier.workPackage());
      existing.put("packageHref", link);
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
        .about(existing)
        .toAnswer()
        .with("Location", link);
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

  private static Answer taken(String eventType, UUID pkey, String status) {
    String href = EventAnswers.href(eventType, pkey);
    return EventAnswers.json(202, new EventAnswers.Taken(pkey.toString(), href, eventType, status))
        .with("Location", href);
  }

  private static List<Problem.Fault> faults(List<PayloadFault> faults) {
    return faults.stream()
        .map(fault -> new Problem.Fault(fault.pointer(), fault.expected(), fault.found()))
        .toList();
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int parameters = contentType.indexOf(';');
    String type =
        (parameters < 0 ? contentType : contentType.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT);
    return type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }
}
