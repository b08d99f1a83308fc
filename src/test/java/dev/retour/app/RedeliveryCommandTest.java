package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.config.Settings;
import dev.retour.messages.MessagesConfig;
import dev.retour.messages.MessagesModule;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  void a_message_counts_with_its_version_in_force_and_else_with_its_folder() throws Exception {
    TestDatabase.Named database = TestDatabase.named();
    message("5h");
    String[] show = {
      "show",
      "--message",
      "EVTx",
      "--at",
      "2026-03-28T20:00:00Z",
      "--zone",
      "UTC",
      "--json",
      "-D",
      "messages.folder=" + dir.resolve("messages")
    };
    List<String> beside = new ArrayList<>(List.of(show));
    beside.addAll(List.of("--jdbc-url", database.url(), "-D", "store.user=postgres"));
    assertThat(run(RULES, beside.toArray(String[]::new))).isZero();
    assertThat(json().path("message").path("source").asText())
        .isEqualTo("as its folder says: no version of it is in force that can be used");

    MessagesConfig config =
        MessagesConfig.from(
            Settings.of(Map.of("messages.folder", dir.resolve("messages").toString())));
    new MessagesModule(config, database.jdbi(), InstantSource.system(), InstantSource.system())
        .saved()
        .publishFirst();
    message("2h");
    assertThat(run(RULES, beside.toArray(String[]::new))).isZero();
    assertThat(json().path("end").asText()).isEqualTo("2026-03-29T01:00:00Z");
    assertThat(json().path("message").path("version").asInt()).isEqualTo(1);

    assertThat(run(RULES, show)).isZero();
    assertThat(json().path("end").asText()).isEqualTo("2026-03-28T22:00:00Z");
    assertThat(json().path("message").path("source").asText())
        .contains("as its folder says: The database of", "does not answer");
    message("soon");
    assertThat(run(RULES, show)).isOne();
    assertThat(err.toString()).contains("EVTx/event.yaml:");
  }

  private void message(String validity) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("messages/EVTx"));
    Files.writeString(
        folder.resolve("event.yaml"),
        """
        id: EVTx
        description: A test.
        from: {address: a@example.com, name: A}
        fields:
          - {id: name, type: string, required: true}
        validity: %s
        """
            .formatted(validity));
    Files.writeString(folder.resolve("subject.txt"), "For [=ctx.name]");
    Files.writeString(folder.resolve("message.html"), "<html><body>[=ctx.name]</body></html>");
  }

  /** What the last command printed. */
  private JsonNode json() throws IOException {
    String[] lines = out.toString().strip().split("\n", -1);
    return JsonMapper.builder().build().readTree(lines[lines.length - 1]);
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
