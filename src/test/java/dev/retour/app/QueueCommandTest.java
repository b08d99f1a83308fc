package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.NewPackage;
import dev.retour.delivery.OnUncertain;
import dev.retour.delivery.Queue;
import dev.retour.mail.EmailAddress;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import dev.retour.support.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./retour queue …} beside a running store, as an operator types it. */
class QueueCommandTest {
  private static final JsonMapper mapper = JsonMapper.builder().build();

  @TempDir Path dir;
  private final int port = Ports.free();
  private String out = "";

  @Test
  void an_operator_finds_looks_repairs_and_settles() throws Exception {
    Settings settings =
        Settings.of(
            Map.of(
                "store.data-dir", dir.resolve("data").toString(),
                "store.postgres-port", Integer.toString(port)));
    try (Database database = Database.open(StoreConfig.from(settings))) {
      long first = failed(database, "anna@example.com");
      long second = failed(database, "berta@example.com");

      assertThat(run("list", "--state", "error", "--created-from", "2020-01-01T00:00:00Z"))
          .isZero();
      assertThat(out)
          .contains("anna@example.com", "550 no  [31m", "2 work packages.")
          .doesNotContain("\u001b");
      assertThat(run("list", "--limit", "1")).isZero();
      assertThat(out).contains("More: --before " + second);
      assertThat(run("show", Long.toString(first))).isZero();
      assertThat(out).contains("subject  Hello", "bounces  0");
      assertThat(run("show", "999999")).isEqualTo(1);

      assertThat(run("clear-error", "--yes")).as("nothing was selected").isEqualTo(2);
      assertThat(out).contains("Name ids, a filter or --all; nothing was changed.");
      assertThat(run("clear-error", "--state", "error")).isZero();
      assertThat(out)
          .contains("2 work packages match clear-error. Nothing was changed; add --yes.");
      assertThat(run("clear-error", Long.toString(first), "--yes")).isZero();
      assertThat(out).contains("1 of 1 work packages: error cleared.");
      assertThat(run("clear-error", "--domain", "example.com", "--yes")).isEqualTo(1);
      assertThat(out).contains("1 of 2 work packages: error cleared. 1 left alone.");
      assertThat(run("recipient", Long.toString(second), "--to", "nobody", "--yes")).isEqualTo(1);
      assertThat(run("recipient", Long.toString(second), "--to", "carl@example.org", "--yes"))
          .isZero();
      Files.writeString(dir.resolve("none.properties"), "callback.url=https://erp.example.com/\n");
      assertThat(run("cancel", "--recipient", "carl@example.org", "--yes", "--json")).isZero();
      JsonNode json = mapper.readTree(out);
      assertThat(json.get("changed").asLong()).isOne();
      assertThat(run("show", Long.toString(second), "--json")).isZero();
      assertThat(mapper.readTree(out).get("log")).hasSize(3);
      assertThat(run("list", "--processor", "callback")).isZero();
      assertThat(out).as("the ERP is told").contains("ERP", "INV-1", "1 work packages.");
      assertThat(run("cancel", "--processor", "callback", "--yes")).isZero();

      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute(
                      "UPDATE work_package SET state='uncertain', due_at=NULL WHERE id=?", first));
      assertThat(run("settle", Long.toString(first), "--as", "perhaps", "--yes")).isEqualTo(1);
      assertThat(run("settle", Long.toString(first), "--as", "sent", "--yes")).isZero();
      assertThat(run("send-again", Long.toString(first))).isZero();
      assertThat(out).contains("Nothing was changed; add --yes.");
      assertThat(run("send-again", Long.toString(first), "--yes")).isZero();
      assertThat(run("list", "--state", "ready", "--json")).isZero();
      assertThat(mapper.readTree(out).get("packages").get(0).get("generation").asInt())
          .isEqualTo(2);
    }
  }

  @Test
  void each_command_has_its_help() {
    for (String command :
        List.of(
            "list",
            "show",
            "clear-error",
            "acknowledge",
            "retry",
            "recipient",
            "cancel",
            "release",
            "settle",
            "send-again")) {
      assertThat(run(command, "--help")).as(command).isZero();
      assertThat(out).contains("Usage: retour queue " + command, "--json");
    }
  }

  private static long failed(Database database, String recipient) {
    InstantSource clock = InstantSource.system();
    String messageId = "<" + UUID.randomUUID() + "@retour.test>";
    return database
        .jdbi()
        .inTransaction(
            handle -> {
              long id =
                  new Queue(database.jdbi(), clock, DeliveryConfig.from(Settings.of(Map.of())))
                      .enqueue(
                          handle,
                          new NewPackage(
                              UUID.randomUUID(),
                              "EVTtest",
                              "INV-1",
                              EmailAddress.parse(recipient).orElseThrow(),
                              5,
                              OnUncertain.HOLD,
                              clock.instant().plus(Duration.ofDays(5)),
                              messageId,
                              "Hello",
                              ("Message-ID: " + messageId + "\r\n\r\nHi\r\n")
                                  .getBytes(StandardCharsets.US_ASCII)));
              handle.execute(
                  "UPDATE work_package SET state='error', due_at=NULL, failure_text=? WHERE id=?",
                  "550 no \u001b[31m",
                  id);
              return id;
            });
  }

  private int run(String... words) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "queue",
                "--config",
                dir.resolve("none.properties").toString(),
                "--data-dir",
                dir.resolve("data").toString(),
                "--postgres-port",
                Integer.toString(port)));
    all.addAll(List.of(words));
    StringWriter written = new StringWriter();
    CommandLine line = Main.line(all.toArray(String[]::new));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new OneSentence());
    line.setOut(new PrintWriter(written, true)).setErr(new PrintWriter(written, true));
    int code = line.execute(all.toArray(String[]::new));
    out = written.toString();
    return code;
  }
}
