package dev.retour.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.retour.delivery.QueueDesk;
import dev.retour.delivery.QueueFilter;
import dev.retour.delivery.QueueJson;
import dev.retour.delivery.QueueOrder;
import dev.retour.delivery.QueueOutcome;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/v1/queue/{id}/{action}} and {@code POST /api/v1/queue/{action}}: what a person
 * does with one work package, or with all that a filter means.
 */
public final class PostQueue {
  private static final int ID_CHARS_MAX = 18;
  private static final Set<String> OF_ACTIONS = Set.of("by", "to", "as", "then", "confirm");
  private static final Set<String> OF_BULK = bulk();

  private final QueueDesk desk;

  PostQueue(QueueDesk desk) {
    this.desk = desk;
  }

  /** Does it to one, or answers 409 with the reason why not. */
  public Answer one(
      @Nullable String id,
      @Nullable String action,
      byte @Nullable [] body,
      @Nullable String query,
      @Nullable String contentType) {
    return ApiAnswers.refusedContentType(contentType)
        .orElseGet(
            () ->
                ApiAnswers.of(
                    () -> {
                      ApiParameters parameters = ApiParameters.of(query, body, OF_ACTIONS);
                      Optional<QueueOrder> order =
                          QueueOrders.order(String.valueOf(action), parameters);
                      return order.isEmpty()
                          ? unknownAction()
                          : one(String.valueOf(id), order.get(), parameters);
                    }));
  }

  /** Counts what the filter means; does it when {@code confirm} is that count. */
  public Answer all(
      @Nullable String action,
      byte @Nullable [] body,
      @Nullable String query,
      @Nullable String contentType) {
    return ApiAnswers.refusedContentType(contentType)
        .orElseGet(
            () ->
                ApiAnswers.of(
                    () -> {
                      ApiParameters parameters = ApiParameters.of(query, body, OF_BULK);
                      Optional<QueueOrder> order =
                          QueueOrders.order(String.valueOf(action), parameters);
                      return order.isEmpty() ? unknownAction() : all(order.get(), parameters);
                    }));
  }

  private Answer one(String text, QueueOrder order, ApiParameters parameters) {
    Optional<Long> id = id(text);
    if (id.isEmpty()) {
      return GetQueue.unknown(text);
    }
    if (order.action().mustBeConfirmed() && parameters.number("confirm", 0, 1) != 1) {
      return Problem.of(
              "not-confirmed",
              409,
              "Sending once more must be confirmed",
              "The recipient will get the mail a second time. Add confirm=1 to do it.")
          .toAnswer();
    }
    QueueOutcome outcome = desk.act(order, id.get());
    if (outcome.done()) {
      Answer answer =
          EventAnswers.json(outcome.created() == null ? 200 : 201, QueueJson.of(outcome));
      return outcome.created() == null
          ? answer
          : answer.with("Location", QueueJson.href(outcome.created()));
    }
    return outcome.state() == null
        ? GetQueue.unknown(text)
        : Problem.of("not-possible", 409, "Not possible in this state", outcome.sentence())
            .at(QueueJson.href(outcome.id()))
            .toAnswer();
  }

  private Answer all(QueueOrder order, ApiParameters parameters) {
    QueueFilter filter = QueueFilter.of(parameters.all());
    if (filter.isEmpty() && !parameters.all().getOrDefault("all", "").equals("true")) {
      throw new IllegalArgumentException("Name a filter, or all=true.");
    }
    long count = desk.count(filter);
    if (!parameters.all().containsKey("confirm")) {
      return EventAnswers.json(
          200,
          JsonNodeFactory.instance
              .objectNode()
              .put("matched", count)
              .put("changed", 0)
              .put("dryRun", true)
              .put("hint", "Nothing was changed. Add confirm=" + count + " to do it."));
    }
    if (parameters.number("confirm", 0, Long.MAX_VALUE) != count) {
      return Problem.of(
              "count-differs",
              409,
              "The filter means another number of work packages now",
              "It means "
                  + count
                  + ". Nothing was changed; look at them and confirm that number, if you mean it.")
          .toAnswer();
    }
    return EventAnswers.json(200, QueueJson.of(desk.actAll(order, filter, done -> {})));
  }

  private static Answer unknownAction() {
    return Problem.of(
            "unknown-action",
            404,
            "There is no such action",
            "There are clear-error, acknowledge, retry, recipient, cancel, release, settle and"
                + " send-again.")
        .toAnswer();
  }

  static Optional<Long> id(@Nullable String text) {
    boolean number =
        text != null
            && !text.isEmpty()
            && text.length() <= ID_CHARS_MAX
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static Set<String> bulk() {
    Set<String> known = new HashSet<>(QueueFilter.NAMES);
    known.addAll(OF_ACTIONS);
    known.add("all");
    return known;
  }
}
