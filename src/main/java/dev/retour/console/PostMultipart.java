package dev.retour.console;

import dev.retour.events.EventIntake;
import dev.retour.events.IntakeAnswer;
import dev.retour.events.Multipart;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/events/{eventType}/multipart}: takes an event in whose files are parts of a
 * form.
 */
public final class PostMultipart {
  private final EventIntake intake;

  PostMultipart(EventIntake intake) {
    this.intake = intake;
  }

  /** Answers as {@link PostEvent} does. */
  public Answer answer(
      @Nullable String eventType,
      Upload upload,
      @Nullable String contentType,
      @Nullable String idempotencyKey) {
    byte[] body = upload.body();
    if (body == null) {
      return Objects.requireNonNull(upload.refusal());
    }
    String type = String.valueOf(eventType);
    Multipart.Reading reading = Multipart.read(body, String.valueOf(contentType));
    IntakeAnswer answer =
        reading instanceof Multipart.Reading.Form form
            ? intake.accept(type, form.parts(), idempotencyKey)
            : new IntakeAnswer.Invalid(((Multipart.Reading.Unreadable) reading).faults());
    return PostEvent.answer(type, answer);
  }

  /**
   * Why the body of a request is not even read.
   *
   * @param contentType must be a form; browsers send those unasked, from any page
   * @param idempotencyKey must be there: a header of its own is what no foreign page can send
   */
  static Optional<Answer> refusal(@Nullable String contentType, @Nullable String idempotencyKey) {
    if (!isForm(contentType)) {
      return Optional.of(
          Problem.plain(
                  415,
                  "Unsupported Media Type",
                  "Send a form as Content-Type: multipart/form-data with a part event.")
              .toAnswer());
    }
    return idempotencyKey == null || idempotencyKey.isBlank()
        ? Optional.of(
            Problem.of(
                    "idempotency-key-missing",
                    400,
                    "A form needs an Idempotency-Key",
                    "Nothing was accepted. Any page can make a browser send a form, but not this"
                        + " header.")
                .toAnswer())
        : Optional.empty();
  }

  private static boolean isForm(@Nullable String contentType) {
    return contentType != null
        && contentType
            .split(";", 2)[0]
            .strip()
            .toLowerCase(Locale.ROOT)
            .equals("multipart/form-data");
  }
}
