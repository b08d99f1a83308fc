package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;

/** The house rules of routes, on the ones that are shipped and on ones that break them. */
class LoadedRoutesTest {
  @Test
  void the_shipped_routes_keep_them() throws Exception {
    RouteSet shipped = RouteSet.read(Path.of("routes"));

    LoadedRoutes loaded = LoadedRoutes.of(context(shipped));

    assertThat(loaded.routes().values().stream().mapToInt(List::size).sum())
        .as("all routes are found, by file")
        .isEqualTo(
            (int)
                shipped.texts().values().stream()
                    .flatMap(String::lines)
                    .filter(line -> line.startsWith("- route:"))
                    .count());
  }

  @Test
  void each_breach_is_named_with_its_file_and_line() throws Exception {
    StringBuilder long13 = new StringBuilder();
    long13.append("- route:\n    id: long\n    description: d\n");
    long13.append("    routeConfigurationId: p\n    from:\n      uri: direct:a\n      steps:\n");
    for (int i = 0; i < LoadedRoutes.STEPS_MAX + 1; i++) {
      long13.append("        - log: {message: m}\n");
    }
    RouteSet broken =
        new RouteSet(
            Map.of(
                "file:a.camel.yaml",
                """
                - routeConfiguration:
                    id: p
                    onException:
                      - onException:
                          exception: [java.lang.Exception]
                          steps:
                            - log: {message: m}
                - route:
                    from:
                      uri: direct:b
                      steps:
                        - to: direct:nowhere
                """,
                "file:b.camel.yaml",
                long13.toString()));

    RouteFaultException thrown =
        catchThrowableOfType(RouteFaultException.class, () -> LoadedRoutes.of(context(broken)));

    assertThat(thrown)
        .hasMessageContaining("a.camel.yaml")
        .hasMessageContaining("a route needs an id")
        .hasMessageContaining("needs a description")
        .hasMessageContaining("needs a routeConfigurationId")
        .hasMessageContaining("no route begins with direct:nowhere")
        .hasMessageContaining("b.camel.yaml")
        .hasMessageContaining("13 steps; at most 12");
  }

  private static DefaultCamelContext context(RouteSet set) throws Exception {
    DefaultCamelContext context = new DefaultCamelContext();
    context.setSourceLocationEnabled(true);
    PluginHelper.getRoutesLoader(context).loadRoutes(set.resources(set.texts().keySet()));
    return context;
  }
}
