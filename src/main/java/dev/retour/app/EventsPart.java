package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.console.EventsApi;
import dev.retour.delivery.DeliveryModule;
import dev.retour.delivery.RetentionConfig;
import dev.retour.events.EventsConfig;
import dev.retour.events.EventsModule;
import dev.retour.events.References;
import org.apache.camel.support.SimpleRegistry;

/** The room events in the running process: taken in, turned into mails, found, and removed. */
final class EventsPart {
  private EventsPart() {}

  static void bind(
      SimpleRegistry beans,
      Settings settings,
      EventsModule.Needs needs,
      References references,
      DeliveryModule delivery) {
    EventsModule events = new EventsModule(EventsConfig.from(settings), needs, references);
    events.bind(beans);
    EventsModule.bindCleanUp(
        beans, needs.jdbi(), delivery.bindCleanUp(beans, RetentionConfig.from(settings)));
    EventsApi.bind(beans::bind, events, needs.messages());
  }
}
