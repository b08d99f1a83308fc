package dev.retour.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.SimpleRegistry;

/**
 * Loads a set of routes into a scratch context that never starts a consumer, and holds it against
 * the house rules. Only a set that comes out without a fault may replace the running one.
 */
final class RouteCheck {
  /** More than this and a route is no table of contents any more. */
  static final int STEPS_MAX = 12;

  private static final Pattern LINE = Pattern.compile("line:? ?(\\d{1,6})|yaml:(\\d{1,6})");
  private static final Pattern DIRECT = Pattern.compile("^direct:(?://)?([^?]+)");

  private final SimpleRegistry beans;
  private final Map<String, String> properties;

  RouteCheck(SimpleRegistry beans, Map<String, String> properties) {
    this.beans = beans;
    this.properties = properties;
  }

  /**
   * What a checked set is made of.
   *
   * @param routes route ids by the file they stand in
   * @param policyFiles files that hold route configurations or templates: a change there concerns
   *     every route
   */
  record Checked(Map<String, List<String>> routes, Set<String> policyFiles) {}

  /**
   * Checks a set.
   *
   * @throws RouteFaultException with every fault found, each with file and line
   */
  Checked check(RouteSet set) throws RouteFaultException {
    List<Fault> faults = new ArrayList<>();
    Set<String> policyFiles = new HashSet<>();
    DefaultCamelContext scratch = scratch();
    try {
      for (String location : set.texts().keySet()) {
        int before = policies(scratch);
        load(scratch, set, location, faults);
        if (policies(scratch) > before) {
          policyFiles.add(location);
        }
      }
      if (faults.isEmpty()) {
        faults.addAll(houseRules(scratch));
      }
      if (faults.isEmpty()) {
        start(scratch, faults);
      }
      if (!faults.isEmpty()) {
        throw new RouteFaultException(faults);
      }
      return checked(scratch, policyFiles);
    } finally {
      scratch.stop();
    }
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
  private static void start(DefaultCamelContext scratch, List<Fault> faults) {
    try {
      scratch.start();
    } catch (Exception e) {
      String all = e + " " + rootText(e);
      RouteDefinition route =
          scratch.getRouteDefinitions().stream()
              .filter(each -> all.contains("route " + each.getId()) || all.contains(each.getId()))
              .findFirst()
              .orElse(null);
      String location = route == null ? "routes" : location(route);
      int line = lineIn(e).orElse(route == null ? 1 : Math.max(1, route.getLineNumber()));
      faults.add(new Fault(location, line, rootText(e)));
    }
  }

  private static List<Fault> houseRules(DefaultCamelContext scratch) {
    List<Fault> faults = new ArrayList<>();
    Set<String> targets = new HashSet<>();
    Map<String, String> seen = new HashMap<>();
    Set<String> policies = new HashSet<>();
    for (RouteConfigurationDefinition policy : scratch.getRouteConfigurationDefinitions()) {
      policies.add(policy.getId());
    }
    for (RouteDefinition route : scratch.getRouteDefinitions()) {
      Matcher direct = DIRECT.matcher(route.getInput().getEndpointUri());
      if (direct.find()) {
        targets.add(direct.group(1));
      }
    }
    for (RouteDefinition route : scratch.getRouteDefinitions()) {
      houseRules(route, targets, policies, faults);
      String earlier = seen.put(route.getId(), location(route));
      if (earlier != null) {
        faults.add(fault(route, "route id \"" + route.getId() + "\" also stands in " + earlier));
      }
    }
    return faults;
  }

  private static void houseRules(
      RouteDefinition route, Set<String> targets, Set<String> policies, List<Fault> faults) {
    if (!route.hasCustomIdAssigned()) {
      faults.add(fault(route, "a route needs an id"));
    }
    if (route.getDescriptionText() == null || route.getDescriptionText().isBlank()) {
      faults.add(fault(route, "route \"" + route.getId() + "\" needs a description"));
    }
    String policy = route.getRouteConfigurationId();
    if (policy == null || !policies.contains(policy)) {
      faults.add(
          fault(
              route,
              "route \""
                  + route.getId()
                  + "\" needs a routeConfigurationId that names a failure policy; there are "
                  + policies));
    }
    Collection<ProcessorDefinition<?>> steps = steps(route);
    if (steps.size() > STEPS_MAX) {
      faults.add(
          fault(
              route,
              "route \""
                  + route.getId()
                  + "\" has "
                  + steps.size()
                  + " steps; at most "
                  + STEPS_MAX));
    }
    for (ProcessorDefinition<?> step : steps) {
      if (step instanceof ToDefinition to) {
        Matcher direct = DIRECT.matcher(to.getEndpointUri());
        if (direct.find() && !targets.contains(direct.group(1))) {
          faults.add(fault(route, to, "no route begins with direct:" + direct.group(1)));
        }
      }
    }
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // Camel's helper is raw
  static Collection<ProcessorDefinition<?>> steps(RouteDefinition route) {
    return (Collection)
        ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), ProcessorDefinition.class);
  }

  private static Checked checked(DefaultCamelContext scratch, Set<String> policyFiles) {
    Map<String, List<String>> routes = new HashMap<>();
    for (RouteDefinition route : scratch.getRouteDefinitions()) {
      routes.computeIfAbsent(location(route), file -> new ArrayList<>()).add(route.getId());
    }
    return new Checked(routes, policyFiles);
  }

  private static int policies(DefaultCamelContext scratch) {
    return scratch.getRouteConfigurationDefinitions().size()
        + scratch.getRouteTemplateDefinitions().size();
  }

  private static Fault fault(RouteDefinition route, String text) {
    return fault(route, route, text);
  }

  private static Fault fault(
      RouteDefinition route, OptionalIdentifiedDefinition<?> at, String text) {
    int line = at.getLineNumber() > 0 ? at.getLineNumber() : route.getLineNumber();
    return new Fault(location(route), Math.max(1, line), text);
  }

  private static String location(OptionalIdentifiedDefinition<?> definition) {
    String location = definition.getLocation();
    if (definition instanceof RouteDefinition route && route.getResource() != null) {
      location = route.getResource().getLocation();
    }
    return location == null ? "routes" : location;
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
