package dev.retour.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * The routes a context has loaded, held against the house rules: each has an id, a description, a
 * failure policy and at most twelve steps, and every {@code direct:} target exists.
 *
 * @param routes route ids by the file they stand in
 */
record LoadedRoutes(Map<String, List<String>> routes) {
  /** More than this and a route is no table of contents any more. */
  static final int STEPS_MAX = 12;

  private static final Pattern DIRECT = Pattern.compile("^direct:(?://)?([^?]+)");

  /**
   * Looks at what is loaded; the context need not be started.
   *
   * @throws RouteFaultException with every breach of the house rules, each with file and line
   */
  static LoadedRoutes of(ModelCamelContext context) throws RouteFaultException {
    List<Fault> faults = houseRules(context);
    if (!faults.isEmpty()) {
      throw new RouteFaultException(faults);
    }
    Map<String, List<String>> routes = new HashMap<>();
    for (RouteDefinition route : context.getRouteDefinitions()) {
      routes.computeIfAbsent(location(route), file -> new ArrayList<>()).add(route.getId());
    }
    return new LoadedRoutes(routes);
  }

  private static List<Fault> houseRules(ModelCamelContext context) {
    List<Fault> faults = new ArrayList<>();
    Set<String> targets = new HashSet<>();
    Map<String, String> seen = new HashMap<>();
    Set<String> policies = new HashSet<>();
    for (RouteConfigurationDefinition policy : context.getRouteConfigurationDefinitions()) {
      policies.add(policy.getId());
    }
    for (RouteDefinition route : context.getRouteDefinitions()) {
      Matcher direct = DIRECT.matcher(route.getInput().getEndpointUri());
      if (direct.find()) {
        targets.add(direct.group(1));
      }
    }
    for (RouteDefinition route : context.getRouteDefinitions()) {
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

  /** What the route's own file says; the steps of its failure policy are not the route's. */
  @SuppressWarnings({"rawtypes", "unchecked"}) // Camel's helper is raw
  private static Collection<ProcessorDefinition<?>> steps(RouteDefinition route) {
    List<ProcessorDefinition<?>> own =
        route.getOutputs().stream()
            .filter(step -> !(step instanceof OnExceptionDefinition))
            .toList();
    return ProcessorDefinitionHelper.filterTypeInOutputs((List) own, ProcessorDefinition.class);
  }

  private static Fault fault(RouteDefinition route, String text) {
    return fault(route, route, text);
  }

  private static Fault fault(
      RouteDefinition route, OptionalIdentifiedDefinition<?> at, String text) {
    int line = at.getLineNumber() > 0 ? at.getLineNumber() : route.getLineNumber();
    return new Fault(location(route), Math.max(1, line), text);
  }

  /** The file a definition stands in, as Camel names it. */
  static String location(OptionalIdentifiedDefinition<?> definition) {
    String location = definition.getLocation();
    if (definition instanceof RouteDefinition route && route.getResource() != null) {
      location = route.getResource().getLocation();
    }
    return location == null ? "routes" : location;
  }
}
