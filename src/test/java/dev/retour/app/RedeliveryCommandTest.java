package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RedeliveryCommandTest {
  private static final String RULES =
      """
      policies:
        - id: night
          message: "*"
          domain: example.com
          because: Nobody wants mail at night.
          schedule: [{attempts: 3, spacing: 4h}]
          quietHours: {from: "22:00", to: "06:00", zone: Europe/Berlin}
          validity: 1d
        - id: rest
          because: x
          schedule: [{attempts: 2, spacing: 1h}]
          validity: 1d
      """;

  @TempDir Path dir;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void show_prints_when_the_erp_is_told_again() throws Exception {
    String shipped = Files.readString(Path.of("rules/redelivery.rules.yaml"));
    assertThat(run(shipped, "show", "--message", "callback", "--at", "2026-03-28T20:00")).isZero();
    assertThat(out.toString()).contains("callback: The ERP is told", "15s", "after attempt 1");
  }

  @Test
  void show_prints_each_attempt_its_reason_and_the_end_in_the_zone_asked_for() throws Exception {
    int exit =
        run(
            RULES,
            "show",
            "--domain",
            "example.com",
            "--at",
            "2026-03-28T20:00",
            "--zone",
            "Europe/Berlin");
    assertThat(exit).isZero();
    assertThat(out.toString())
        .contains("night: Nobody wants mail at night.")
        .contains("1  Sat 2026-03-28 20:00:00.000 +01:00  at once")
        .contains("2  Sun 2026-03-29 06:00:00.000 +02:00  4h after attempt 1, moved to the end")
        .contains("3  Sun 2026-03-29 10:00:00.000 +02:00  4h after attempt 2")
        .contains("Ends     Sun 2026-03-29 21:00:00.000 +02:00")
        .contains("No more  all 3 attempts of the schedule were made");
  }

  @Test
  void show_as_json_holds_the_same() throws Exception {
    int exit =
        run(
            RULES,
            "show",
            "--json",
            "--at",
            "2026-03-28T20:00:00Z",
            "--attempts",
            "4",
            "--spacing",
            "10m",
            "--duration",
            "25m");
    assertThat(exit).isZero();
    JsonNode json = JsonMapper.builder().build().readTree(out.toString());
    assertThat(json.path("policy").asText()).isEqualTo("rest");
    assertThat(json.path("attempts").findValuesAsText("dueAt"))
        .containsExactly("2026-03-28T20:00:00Z", "2026-03-28T20:10:00Z", "2026-03-28T20:20:00Z");
    assertThat(json.path("end").asText()).isEqualTo("2026-03-28T20:25:00Z");
    assertThat(json.path("ending").asText()).contains("attempt 4 would be due at");
  }

  @Test
  void a_message_brings_its_own_validity_and_an_unknown_one_is_refused() throws Exception {
    String shipped = Files.readString(Path.of("rules/redelivery.rules.yaml"));
    assertThat(
            run(shipped, "show", "--message", "EVTcartAbandonment", "--at", "2026-03-01T00:00:00Z"))
        .isZero();
    assertThat(out.toString()).contains("cart-reminder-is-short-lived");
    assertThat(run(shipped, "show", "--message", "EVTnone")).isOne();
    assertThat(err.toString()).contains("no message EVTnone");
    assertThat(run(shipped, "show", "--preset", "none")).isOne();
    assertThat(run(shipped, "show", "--zone", "Europe/Nowhere")).isOne();
    assertThat(run(shipped, "show", "--at", "tomorrow")).isOne();
  }

  @Test
  void check_names_every_fault_with_its_line() throws Exception {
    assertThat(run(RULES, "check")).isZero();
    assertThat(out.toString()).contains("No fault: 2 policies");
    assertThat(run(RULES.replace("4h", "soon").replace("1h", "later"), "check")).isOne();
    assertThat(out.toString()).contains("r.yaml:6: ", "r.yaml:11: ");
  }

  private int run(String rules, String... args) throws Exception {
    Path file = Files.writeString(dir.resolve("r.yaml"), rules);
    List<String> line = new ArrayList<>(List.of("redelivery"));
    line.addAll(List.of(args));
    line.addAll(
        List.of(
            "--config", dir.resolve("none.properties").toString(),
            "--data-dir", dir.toString(),
            "-D", "delivery.redelivery-rules=" + file));
    CommandLine command = Main.line(line.toArray(String[]::new));
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    command.setExecutionExceptionHandler(new OneSentence());
    return command.execute(line.toArray(String[]::new));
  }
}
