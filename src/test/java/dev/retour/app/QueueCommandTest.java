package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.NewPackage;
import dev.retour.delivery.Queue;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import dev.retour.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./retour queue …} beside a running store, as an operator types it. */
class QueueCommandTest {
  private static final JsonMapper mapper = JsonMapper.builder().build();

  @TempDir Path dir;
  private Terminal terminal = new Terminal(Path.of(""));

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(dir);
  }

  @Test
  void an_operator_finds_looks_repairs_and_settles() throws Exception {
    try (Database database = terminal.store()) {
      long first = failed(database, "anna@example.com");
      long second = failed(database, "berta@example.com");

      assertThat(run("list", "--state", "error", "--created-from", "2020-01-01T00:00:00Z"))
          .isZero();
      assertThat(terminal.out())
          .contains("anna@example.com", "550 no  [31m", "2 work packages.")
          .containsPattern("error +20..-..-.. ..:..:.. [+-]..:..  anna")
          .doesNotContain("\u001b");
      assertThat(run("list", "--limit", "1")).isZero();
      assertThat(terminal.out()).contains("More: --before " + second);
      assertThat(run("show", Long.toString(first))).isZero();
      assertThat(terminal.out()).contains("subject  Hello", "bounces  0");
      assertThat(run("show", "999999")).isEqualTo(1);

      assertThat(run("clear-error", "--yes")).as("nothing was selected").isEqualTo(2);
      assertThat(terminal.out()).contains("Name ids, a filter or --all; nothing was changed.");
      assertThat(run("clear-error", "--state", "error")).isZero();
      assertThat(terminal.out())
          .contains("2 work packages match clear-error. Nothing was changed; add --yes.");
      assertThat(run("clear-error", Long.toString(first), "--yes")).isZero();
      assertThat(terminal.out()).contains("1 of 1 work packages: error cleared.");
      assertThat(run("clear-error", "--domain", "example.com", "--yes")).isEqualTo(1);
      assertThat(terminal.out()).contains("1 of 2 work packages: error cleared. 1 left alone.");
      assertThat(run("recipient", Long.toString(second), "--to", "nobody", "--yes")).isEqualTo(1);
      assertThat(run("recipient", Long.toString(second), "--to", "carl@example.org", "--yes"))
          .isZero();
      Files.writeString(dir.resolve("none.properties"), "callback.url=https://erp.example.com/\n");
      assertThat(run("cancel", "--recipient", "carl@example.org", "--yes", "--json")).isZero();
      JsonNode json = mapper.readTree(terminal.out());
      assertThat(json.get("changed").asLong()).isOne();
      assertThat(run("show", Long.toString(second), "--json")).isZero();
      assertThat(mapper.readTree(terminal.out()).get("log")).hasSize(3);
      assertThat(run("list", "--processor", "callback")).isZero();
      assertThat(terminal.out()).as("the ERP is told").contains("ERP", "INV-1", "1 work package.");
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
      assertThat(terminal.out()).contains("Nothing was changed; add --yes.");
      assertThat(run("send-again", Long.toString(first), "--yes")).isZero();
      assertThat(run("list", "--state", "ready", "--json")).isZero();
      assertThat(mapper.readTree(terminal.out()).get("packages").get(0).get("generation").asInt())
          .isEqualTo(2);
    }
  }

  @Test
  void what_only_looks_has_no_yes() {
    assertThat(run("list", "--help")).isZero();
    assertThat(terminal.out()).contains("--state", "--limit").doesNotContain("--yes", "--all");
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
      assertThat(terminal.out()).contains("Usage: retour queue " + command, "--json");
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
    return terminal.beside("queue", words);
  }
}
