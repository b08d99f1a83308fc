package dev.retour.console;

import dev.retour.events.EventIntake;
import dev.retour.events.IntakeAnswer;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/events/{eventType}}: takes an event in (spec C4). */
public final class PostEvent {
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
              415,
              "Unsupported Media Type",
              "Send the event as Content-Type: application/json; forms go to .../multipart.")
          .toAnswer();
    }
    String type = String.valueOf(eventType);
    return answer(type, intake.accept(type, body == null ? new byte[0] : body, idempotencyKey));
  }

  /** What an intake's answer is over HTTP. */
  static Answer answer(String eventType, IntakeAnswer answer) {
    if (answer instanceof IntakeAnswer.Accepted accepted) {
      return taken(eventType, accepted.pkey(), accepted.status());
    }
    if (answer instanceof IntakeAnswer.Replayed replayed) {
      return taken(eventType, replayed.pkey(), replayed.status()).with("Idempotent-Replay", "true");
    }
    return IntakeProblems.of(eventType, answer).toAnswer().with(IntakeProblems.headers(answer));
  }

  private static Answer taken(String eventType, UUID pkey, String status) {
    String href = EventAnswers.href(eventType, pkey);
    return EventAnswers.json(202, new EventAnswers.Taken(pkey.toString(), href, eventType, status))
        .with("Location", href);
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
