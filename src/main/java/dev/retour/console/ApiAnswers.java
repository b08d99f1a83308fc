package dev.retour.console;

import dev.retour.store.StoreFault;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the endpoints of {@code /api/v1} share. */
final class ApiAnswers {
  private static final Logger log = LoggerFactory.getLogger(ApiAnswers.class);

  private ApiAnswers() {}

  /** The answer, or a problem: 400 for what the client said wrong, 503 for the database. */
  static Answer of(Supplier<Answer> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException e) {
      return Problem.of(
              "invalid-parameter",
              400,
              "A parameter cannot be read",
              VisibleText.cut(VisibleText.of(String.valueOf(e.getMessage())), 500)
                  + " Nothing was changed.")
          .toAnswer();
    } catch (JdbiException e) {
      if (!StoreFault.isAway(e)) {
        throw e; // our own fault, and no reason for anybody to come again
      }
      log.warn("The database could not be read or changed; the client got a 503.", e);
      return Problem.of(
              "store-unavailable",
              503,
              "The database cannot be reached now",
              "What was accepted is safe. Ask again later; what was changed so far stays changed.")
          .toAnswer()
          .with("Retry-After", "5");
    }
  }

  /** Browsers send forms unasked from any page, but never this content type. */
  static Optional<Answer> refusedContentType(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    return type.toLowerCase(Locale.ROOT).equals("application/json")
        ? Optional.empty()
        : Optional.of(
            Problem.plain(
                    415,
                    "Unsupported Media Type",
                    "Send it as Content-Type: application/json, with a body such as {}.")
                .toAnswer());
  }
}
