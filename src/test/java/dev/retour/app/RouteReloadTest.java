package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.support.SimpleRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A set of routes replaces the running one as a whole, or not at all. */
class RouteReloadTest {
  private static final String POLICY =
      """
      - routeConfiguration:
          id: failure-logged
          description: Logs the fault.
          onException:
            - onException:
                exception: [java.lang.Exception]
                handled: {constant: "true"}
                steps:
                  - setBody: {constant: "policy one"}
      """;

  @TempDir Path folder;
  private CamelEngine engine;
  private RouteReload reload;

  @BeforeEach
  void start() throws Exception {
    write("policies.camel.yaml", POLICY);
    write("greeting.camel.yaml", route("greeting", "setBody: {constant: \"hello\"}"));
    write("parting.camel.yaml", route("parting", "setBody: {constant: \"bye\"}"));
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("camel.main.routesIncludePattern", "file:" + folder + "/**/*.camel.yaml");
    properties.put("camel.main.jmxEnabled", "false");
    properties.put("camel.component.direct.block", "false");
    SimpleRegistry beans = new SimpleRegistry();
    engine = CamelEngine.load(properties);
    engine.start(beans);
    reload =
        new RouteReload(folder, engine, new RouteCheck(beans, properties), RouteSet.read(folder));
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void a_changed_route_is_taken_up_and_the_others_are_not_touched() throws Exception {
    Object parting = engine.context().getRoute("parting").getConsumer();
    write("greeting.camel.yaml", route("greeting", "setBody: {constant: \"good day\"}"));
    reload.reload();
    assertThat(ask("greeting")).isEqualTo("good day");
    assertThat(engine.context().getRoute("parting").getConsumer()).isSameAs(parting);
  }

  @Test
  void broken_yaml_is_refused_with_file_and_line_and_everything_runs_on() throws Exception {
    write(
        "greeting.camel.yaml",
        route("greeting", "setBody: {constant: \"x\"}") + "  - - :broken: [");
    Fault fault = refused();
    assertThat(fault.file()).endsWith("greeting.camel.yaml");
    assertThat(fault.line()).as(fault.text()).isGreaterThan(1);
    assertThat(ask("greeting")).isEqualTo("hello");
    assertThat(ask("parting")).isEqualTo("bye");
  }

  @Test
  void an_unknown_step_is_refused_with_file_and_line() throws Exception {
    write("greeting.camel.yaml", route("greeting", "setBodyy: {constant: \"x\"}"));
    Fault fault = refused();
    assertThat(fault.toString()).contains("greeting.camel.yaml:").contains("setBodyy");
    assertThat(ask("greeting")).isEqualTo("hello");
  }

  @Test
  void an_unknown_endpoint_option_is_refused_and_everything_runs_on() throws Exception {
    write("greeting.camel.yaml", route("greeting", "to: \"seda:x?sizee=3\""));
    Fault fault = refused();
    assertThat(fault.file()).endsWith("greeting.camel.yaml");
    assertThat(fault.text()).contains("sizee");
    assertThat(ask("greeting")).isEqualTo("hello");
    assertThat(ask("parting")).isEqualTo("bye");
  }

  @Test
  void an_unknown_bean_is_refused() throws Exception {
    write("greeting.camel.yaml", route("greeting", "bean: {ref: nobody, method: call}"));
    assertThat(refused().text()).contains("nobody");
    assertThat(ask("greeting")).isEqualTo("hello");
  }

  @Test
  void a_misspelt_direct_target_is_refused_with_its_line() throws Exception {
    write("greeting.camel.yaml", route("greeting", "to: \"direct:partin\""));
    Fault fault = refused();
    assertThat(fault.text()).contains("direct:partin");
    assertThat(fault.line()).isEqualTo(8);
    assertThat(ask("greeting")).isEqualTo("hello");
  }

  @Test
  void a_route_without_failure_policy_or_description_is_refused() throws Exception {
    write(
        "greeting.camel.yaml",
        """
        - route:
            id: greeting
            from:
              uri: direct:greeting
              steps:
                - setBody: {constant: "x"}
        """);
    ReloadFaultException refusal =
        catchThrowableOfType(ReloadFaultException.class, () -> reload.reload());
    assertThat(refusal.faults()).hasSize(2);
    assertThat(refusal.getMessage()).contains("description").contains("routeConfigurationId");
  }

  @Test
  void a_repaired_file_applies_the_new_set() throws Exception {
    write("greeting.camel.yaml", "- route: [");
    refused();
    write("greeting.camel.yaml", route("greeting", "setBody: {constant: \"repaired\"}"));
    reload.reload();
    assertThat(ask("greeting")).isEqualTo("repaired");
  }

  @Test
  void a_deleted_file_stops_its_routes_and_a_new_one_starts_them() throws Exception {
    Files.delete(folder.resolve("parting.camel.yaml"));
    write("thanks.camel.yaml", route("thanks", "setBody: {constant: \"thanks\"}"));
    reload.reload();
    assertThat(engine.context().getRoute("parting")).isNull();
    assertThat(ask("thanks")).isEqualTo("thanks");
  }

  @Test
  void a_changed_failure_policy_concerns_every_route() throws Exception {
    write(
        "greeting.camel.yaml",
        route("greeting", "throwException: {exceptionType: java.io.IOException, message: x}"));
    reload.reload();
    assertThat(ask("greeting")).isEqualTo("policy one");
    write("policies.camel.yaml", POLICY.replace("policy one", "policy two"));
    reload.reload();
    assertThat(ask("greeting")).isEqualTo("policy two");
    assertThat(ask("parting")).isEqualTo("bye");
  }

  @Test
  void two_faulty_files_are_both_named() throws Exception {
    write("greeting.camel.yaml", route("greeting", "nonsense: {}"));
    write("parting.camel.yaml", route("parting", "rubbish: {}"));
    ReloadFaultException refusal =
        catchThrowableOfType(ReloadFaultException.class, () -> reload.reload());
    assertThat(refusal.faults()).hasSize(2);
  }

  private Fault refused() {
    ReloadFaultException refusal =
        catchThrowableOfType(ReloadFaultException.class, () -> reload.reload());
    assertThat(refusal).isNotNull();
    assertThat(refusal.faults()).hasSize(1);
    return refusal.faults().get(0);
  }

  private String ask(String route) {
    try (var template = engine.context().createProducerTemplate()) {
      return template.requestBody("direct:" + route, "", String.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private static String route(String id, String step) {
    return """
        - route:
            id: %s
            description: Answers.
            routeConfigurationId: failure-logged
            from:
              uri: direct:%s
              steps:
                - %s
        """
        .formatted(id, id, step);
  }
}
