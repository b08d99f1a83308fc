package dev.retour.console;

import dev.retour.events.EventsModule;
import dev.retour.messages.Messages;
import java.util.function.BiConsumer;

/** Makes the endpoints of the events API: what {@code routes/console/events-api} uses. */
public final class EventsApi {
  private EventsApi() {}

  /**
   * Binds the endpoints.
   *
   * @param registry takes a name and a bean, e.g. {@code main::bind}
   */
  public static void bind(
      BiConsumer<String, Object> registry, EventsModule events, Messages messages) {
    registry.accept("postEvent", new PostEvent(events.intake()));
    registry.accept("postMultipart", new PostMultipart(events.intake()));
    registry.accept("postBatch", new PostBatch(events.batches()));
    registry.accept("getEvent", new GetEvent(events.eventLog()));
    registry.accept("getEvents", new GetEvents(events.eventLog()));
    registry.accept("getEventTypes", new GetEventTypes(events.eventLog(), messages));
    registry.accept("getOpenApi", new GetOpenApi(messages));
    registry.accept("getSample", new GetSample(messages));
  }
}
