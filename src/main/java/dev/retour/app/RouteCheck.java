package dev.retour.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.SimpleRegistry;

/**
 * Loads a set of routes into a scratch context that never starts a consumer, and holds it against
 * the house rules. Only a set that comes out without a fault may replace the running one.
 */
final class RouteCheck {
  private static final Pattern LINE = Pattern.compile("line:? ?(\\d{1,6})|yaml:(\\d{1,6})");

  private final SimpleRegistry beans;
  private final Map<String, String> properties;

  RouteCheck(SimpleRegistry beans, Map<String, String> properties) {
    this.beans = beans;
    this.properties = properties;
  }

  /**
   * Loads a set and builds every route of it.
   *
   * @throws RouteFaultException with every fault found, each with file and line
   */
  LoadedRoutes check(RouteSet set) throws RouteFaultException {
    DefaultCamelContext scratch = load(set);
    try {
      LoadedRoutes loaded = LoadedRoutes.of(scratch);
      start(scratch);
      return loaded;
    } finally {
      scratch.stop();
    }
  }

  /**
   * Loads a set and no more: the beans its routes name need not be there.
   *
   * @throws RouteFaultException with the fault of every file that Camel cannot read
   */
  void read(RouteSet set) throws RouteFaultException {
    load(set).stop();
  }

  private DefaultCamelContext load(RouteSet set) throws RouteFaultException {
    List<Fault> faults = new ArrayList<>();
    DefaultCamelContext scratch = scratch();
    for (String location : set.texts().keySet()) {
      load(scratch, set, location, faults);
    }
    if (!faults.isEmpty()) {
      scratch.stop();
      throw new RouteFaultException(faults);
    }
    return scratch;
  }

  private DefaultCamelContext scratch() {
    SimpleRegistry copy = new SimpleRegistry();
    copy.putAll(beans);
    DefaultCamelContext scratch = new DefaultCamelContext(copy);
    scratch.disableJMX();
    scratch.setAutoStartup(false);
    scratch.setSourceLocationEnabled(true);
    Properties values = new Properties();
    values.putAll(properties);
    scratch.getPropertiesComponent().setInitialProperties(values);
    QuartzComponent quartz = new QuartzComponent();
    quartz.setAutoStartScheduler(false);
    scratch.addComponent("quartz", quartz);
    PlatformHttpComponent http = new PlatformHttpComponent();
    http.setEngine(new NoHttpEngine());
    scratch.addComponent("platform-http", http);
    return scratch;
  }

  private static void load(
      DefaultCamelContext scratch, RouteSet set, String location, List<Fault> faults) {
    try {
      PluginHelper.getRoutesLoader(scratch).loadRoutes(set.resources(List.of(location)));
    } catch (Exception e) {
      String text = rootText(e);
      faults.add(new Fault(location, lineIn(e).orElse(1), text));
    }
  }

  /** Builds every route: unknown components, options and beans come to light here. */
  private static void start(DefaultCamelContext scratch) throws RouteFaultException {
    try {
      scratch.start();
    } catch (Exception e) {
      String all = e + " " + rootText(e);
      RouteDefinition route =
          scratch.getRouteDefinitions().stream()
              .filter(each -> all.contains("route " + each.getId()) || all.contains(each.getId()))
              .findFirst()
              .orElse(null);
      String location = route == null ? "routes" : LoadedRoutes.location(route);
      int line = lineIn(e).orElse(route == null ? 1 : Math.max(1, route.getLineNumber()));
      throw new RouteFaultException(List.of(new Fault(location, line, rootText(e))));
    }
  }

  private static Optional<Integer> lineIn(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      Matcher matcher = LINE.matcher(String.valueOf(cause.getMessage()));
      // A parser names the block first and the place of the fault last.
      Optional<String> last =
          matcher
              .results()
              .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
              .reduce((earlier, later) -> later);
      if (last.isPresent()) {
        return last.map(Integer::parseInt);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  private static String rootText(Throwable thrown) {
    Throwable cause = thrown;
    for (int depth = 0; cause.getCause() != null && depth < 20; depth++) {
      cause = cause.getCause();
    }
    String text = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ").strip();
    return text.length() > 500 ? text.substring(0, 500) + " …" : text;
  }
}
