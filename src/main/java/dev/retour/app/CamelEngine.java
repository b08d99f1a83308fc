package dev.retour.app;

import dev.retour.console.ConsoleModule;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.SimpleRegistry;
import org.jspecify.annotations.Nullable;

/** Camel as this house runs it: the beans of all rooms, the routes of one folder, one HTTP port. */
final class CamelEngine implements AutoCloseable {
  private final Main main = new Main();
  private final Survey survey = new Survey();

  private CamelEngine() {}

  /**
   * Loads all routes and holds them against the house rules; starts none. The beans they name need
   * not be there yet.
   *
   * @param properties values of placeholders and settings of Camel
   */
  static CamelEngine load(Map<String, String> properties) {
    CamelEngine engine = new CamelEngine();
    properties.forEach(engine.main::addOverrideProperty);
    engine.main.addMainListener(engine.survey);
    try {
      engine.main.init();
      return engine;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /**
   * Starts all routes. A start that fails half way leaves threads that are no daemons: {@link
   * #close} ends them.
   *
   * @param beans what the rooms' modules bound
   */
  void start(SimpleRegistry beans) {
    beans.forEach(
        (name, byType) -> context().getRegistry().bind(name, byType.values().iterator().next()));
    ConsoleModule.keepCacheControl(context());
    main.start();
  }

  CamelContext context() {
    return main.getCamelContext();
  }

  /** What was loaded at the start. */
  LoadedRoutes routes() {
    return survey.routes();
  }

  @Override
  public void close() {
    main.stop();
  }

  /** Looks at the routes when all are loaded and none has started yet. */
  private static final class Survey extends MainListenerSupport {
    private @Nullable LoadedRoutes routes;

    @Override
    public void afterConfigure(BaseMainSupport main) {
      try {
        routes = LoadedRoutes.of((ModelCamelContext) main.getCamelContext());
      } catch (RouteFaultException e) {
        throw new StartupException(String.valueOf(e.getMessage()), e);
      }
    }

    LoadedRoutes routes() {
      return Objects.requireNonNull(routes);
    }
  }
}
