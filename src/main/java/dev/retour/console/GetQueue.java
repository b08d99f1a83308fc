package dev.retour.console;

import dev.retour.delivery.QueueDesk;
import dev.retour.delivery.QueueFilter;
import dev.retour.delivery.QueueJson;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/queue} and {@code /api/v1/queue/{id}}: which mails stand where, and why. */
public final class GetQueue {
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 1_000;
  private static final Set<String> KNOWN = known();

  private final QueueDesk desk;

  GetQueue(QueueDesk desk) {
    this.desk = desk;
  }

  /** One page by filters, newest first; {@code before} is the last id of the page before. */
  public Answer page(@Nullable String query) {
    return ApiAnswers.of(
        () -> {
          ApiParameters parameters = ApiParameters.of(query, null, KNOWN);
          int limit = (int) parameters.number("limit", PAGE_DEFAULT, PAGE_MAX);
          return EventAnswers.json(
              200,
              QueueJson.page(
                  desk.list(
                      QueueFilter.of(parameters.all()),
                      parameters.number("before", Long.MAX_VALUE, Long.MAX_VALUE),
                      limit),
                  limit));
        });
  }

  /** One with its attempts, its log and its bounces. */
  public Answer one(@Nullable String id) {
    return ApiAnswers.of(
        () ->
            PostQueue.id(id)
                .flatMap(desk::show)
                .map(detail -> EventAnswers.json(200, QueueJson.of(detail)))
                .orElseGet(() -> unknown(String.valueOf(id))));
  }

  private static Set<String> known() {
    Set<String> known = new HashSet<>(QueueFilter.NAMES);
    known.add("limit");
    known.add("before");
    return known;
  }

  static Answer unknown(String id) {
    return Problem.of(
            "unknown-work-package",
            404,
            "There is no such work package",
            "No work package has the id " + VisibleText.cut(VisibleText.of(id), 40) + ".")
        .toAnswer();
  }
}
