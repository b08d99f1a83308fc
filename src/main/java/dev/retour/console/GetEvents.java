package dev.retour.console;

import dev.retour.events.EventFilter;
import dev.retour.events.EventJson;
import dev.retour.events.EventLog;
import dev.retour.events.EventPage;
import dev.retour.events.RefusalPage;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/v1/events}: which events came, where they are, and why (spec C4). */
public final class GetEvents {
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 1_000;
  private static final Set<String> KNOWN = known();
  private static final Set<String> KNOWN_OF_REFUSALS =
      Set.of("type", "from", "until", "recipient", "document", "limit", "after");

  private final EventLog events;

  GetEvents(EventLog events) {
    this.events = events;
  }

  /** One page by filters, newest first; {@code after} is what {@code next} said before. */
  public Answer page(@Nullable String query) {
    return ApiAnswers.of(
        () -> {
          ApiParameters parameters = ApiParameters.of(query, null, KNOWN);
          int limit = (int) Math.max(1, parameters.number("limit", PAGE_DEFAULT, PAGE_MAX));
          return EventAnswers.json(
              200,
              EventJson.of(
                  events.list(
                      EventFilter.of(parameters.all()),
                      EventPage.Place.of(parameters.all().get("after")),
                      limit)));
        });
  }

  /** {@code GET /api/v1/events/refusals}: events that were refused as their message took none. */
  public Answer refusals(@Nullable String query) {
    return ApiAnswers.of(
        () -> {
          ApiParameters parameters = ApiParameters.of(query, null, KNOWN_OF_REFUSALS);
          int limit = (int) Math.max(1, parameters.number("limit", PAGE_DEFAULT, PAGE_MAX));
          return EventAnswers.json(
              200,
              EventJson.of(
                  events.refusals(
                      EventFilter.of(parameters.all()),
                      RefusalPage.place(parameters.all().get("after")),
                      limit)));
        });
  }

  private static Set<String> known() {
    Set<String> known = new HashSet<>(EventFilter.NAMES);
    known.add("limit");
    known.add("after");
    return known;
  }
}
