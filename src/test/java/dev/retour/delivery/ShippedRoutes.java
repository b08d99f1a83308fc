package dev.retour.delivery;

import java.util.Map;
import org.apache.camel.main.Main;
import org.apache.camel.support.SimpleRegistry;

/** The shipped delivery routes with their shipped failure policies, over the beans of a room. */
final class ShippedRoutes {
  private ShippedRoutes() {}

  /**
   * Not started yet.
   *
   * @param instead beans that take the place of the room's, by their names
   */
  static Main over(
      DeliveryFixture house, int relayPort, int concurrency, int batch, Map<String, ?> instead) {
    Main main = new Main();
    SimpleRegistry beans = new SimpleRegistry();
    house.module.bind(beans);
    instead.forEach(main::bind);
    beans.forEach(
        (name, byType) -> {
          if (!instead.containsKey(name)) {
            main.bind(name, byType.values().iterator().next());
          }
        });
    main.addOverrideProperty("delivery.concurrency", Integer.toString(concurrency));
    main.addOverrideProperty("delivery.batch", Integer.toString(batch));
    main.addOverrideProperty("smtp.host", "127.0.0.1");
    main.addOverrideProperty("smtp.port", Integer.toString(relayPort));
    main.addOverrideProperty("camel.component.direct.block", "false");
    main.addOverrideProperty("camel.main.shutdownTimeout", "5");
    main.addOverrideProperty(
        "camel.main.routesIncludePattern",
        "file:routes/failure-policies.camel.yaml,file:routes/delivery/*.camel.yaml");
    return main;
  }
}
