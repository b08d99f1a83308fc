package dev.retour.app;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.SimpleRegistry;

/** Camel as this house runs it: the beans of all rooms, the routes of one folder, one HTTP port. */
final class CamelEngine implements AutoCloseable {
  private final Main main;
  private final SimpleRegistry beans;
  private final Map<String, String> properties;

  private CamelEngine(Main main, SimpleRegistry beans, Map<String, String> properties) {
    this.main = main;
    this.beans = beans;
    this.properties = properties;
  }

  /**
   * Starts all routes.
   *
   * @param beans what the rooms' modules bound
   * @param properties values of placeholders and settings of Camel
   */
  static CamelEngine start(SimpleRegistry beans, Map<String, String> properties) throws Exception {
    Main main = new Main();
    properties.forEach(main::addOverrideProperty);
    beans.forEach((name, byType) -> main.bind(name, byType.values().iterator().next()));
    CamelEngine engine = new CamelEngine(main, beans, properties);
    try {
      main.start();
      return engine;
    } catch (Exception e) {
      // A start that failed half way leaves threads that are no daemons.
      engine.close();
      throw e;
    }
  }

  CamelContext context() {
    return main.getCamelContext();
  }

  /** The beans the routes may name; a scratch context checks changed routes against them. */
  SimpleRegistry beans() {
    return beans;
  }

  Map<String, String> properties() {
    return properties;
  }

  @Override
  public void close() {
    main.stop();
  }
}
