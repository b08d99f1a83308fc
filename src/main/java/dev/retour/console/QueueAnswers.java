package dev.retour.console;

import dev.retour.delivery.QueueAction;
import dev.retour.delivery.QueueOrder;
import dev.retour.mail.EmailAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the endpoints of the queue share. */
final class QueueAnswers {
  private static final Logger log = LoggerFactory.getLogger(QueueAnswers.class);
  private static final String SETTLE = "settle";

  private QueueAnswers() {}

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
      log.warn("The queue could not be read or changed; the client got a 503.", e);
      return Problem.of(
              "store-unavailable",
              503,
              "The queue cannot be reached now",
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

  static Answer unknown(String id) {
    return Problem.of(
            "unknown-work-package",
            404,
            "There is no such work package",
            "No work package has the id " + VisibleText.cut(VisibleText.of(id), 40) + ".")
        .toAnswer();
  }

  /**
   * What is asked for; empty when there is no such action.
   *
   * @param action the last part of the path; {@code settle} takes {@code as} and {@code then}
   */
  static Optional<QueueOrder> order(String action, QueueParameters parameters) {
    String name = action.equals(SETTLE) ? settle(parameters) : action;
    boolean shortcut = name.startsWith(SETTLE) && !action.equals(SETTLE);
    Optional<QueueAction> found = shortcut ? Optional.empty() : QueueAction.of(name);
    String who = parameters.all().getOrDefault("by", "");
    return found.map(
        each ->
            new QueueOrder(
                each,
                who.isBlank() ? "api" : "api: " + who,
                each == QueueAction.RECIPIENT ? recipient(parameters) : null));
  }

  private static String settle(QueueParameters parameters) {
    String as = parameters.all().getOrDefault("as", "");
    String then = parameters.all().getOrDefault("then", "error");
    if (as.equals("sent") && !parameters.all().containsKey("then")) {
      return QueueAction.SETTLE_SENT.label();
    }
    if (as.equals("not-sent") && then.equals("waiting")) {
      return QueueAction.SETTLE_AND_RETRY.label();
    }
    if (as.equals("not-sent") && then.equals("error")) {
      return QueueAction.SETTLE_NOT_SENT.label();
    }
    throw new IllegalArgumentException(
        "as must be sent, or not-sent with then=error or then=waiting.");
  }

  private static EmailAddress recipient(QueueParameters parameters) {
    String to = parameters.all().getOrDefault("to", "");
    return EmailAddress.parse(to)
        .orElseThrow(() -> new IllegalArgumentException("to must be one mail address."));
  }
}
