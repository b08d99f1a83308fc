package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.console.UnsubscribePage;
import dev.retour.delivery.DeliveryModule;
import dev.retour.mail.UnsubscribeConfig;
import dev.retour.mail.UnsubscribeLink;
import dev.retour.quarantine.Unsubscriptions;
import java.time.InstantSource;
import org.apache.camel.support.SimpleRegistry;
import org.jdbi.v3.core.Jdbi;

/** Where recipients unsubscribe, in the running process. */
final class UnsubscribePart {
  private UnsubscribePart() {}

  /** Binds the page, and gives what makes the links that lead to it. */
  static UnsubscribeLink bind(
      SimpleRegistry beans,
      Settings settings,
      Jdbi jdbi,
      InstantSource clock,
      DeliveryModule delivery) {
    UnsubscribeLink link =
        new UnsubscribeLink(UnsubscribeConfig.from(settings), delivery.signingKeys());
    beans.bind(
        "unsubscribePage",
        UnsubscribePage.of(
            new UnsubscribePage.Needs(
                link,
                delivery.subscribers(),
                new Unsubscriptions(jdbi, clock, delivery.queue().facts()),
                clock)));
    return link;
  }
}
