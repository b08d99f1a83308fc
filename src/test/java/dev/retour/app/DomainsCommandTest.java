package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.store.Database;
import dev.retour.store.StoreConfig;
import dev.retour.support.Ports;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command beside a running store, as an operator types it. */
class DomainsCommandTest {
  @TempDir Path dir;
  private final int port = Ports.free();
  private String out = "";

  @Test
  void an_operator_pauses_shows_and_resumes_a_domain() {
    Settings settings =
        Settings.of(
            Map.of(
                "store.data-dir", dir.resolve("data").toString(),
                "store.postgres-port", Integer.toString(port)));
    try (Database database = Database.open(StoreConfig.from(settings))) {
      assertThat(database.fault()).isEmpty();
      assertThat(run("list")).isZero();
      assertThat(out).contains("Sending to no domain pauses.");
      assertThat(run("suspend", "Hotmail.com", "--for", "1h")).isZero();
      assertThat(out).contains("Nothing was changed; add --yes.");
      assertThat(run("list", "--json")).isZero();
      assertThat(out.strip()).isEqualTo("[ ]");
      assertThat(run("suspend", "Hotmail.com", "--for", "1h", "--why", "a\u001b[31m", "--yes"))
          .isZero();
      assertThat(run("list")).isZero();
      assertThat(out).contains("hotmail.com", "pauses until").doesNotContain("\u001b");
      assertThat(run("show", "hotmail.com")).isZero();
      assertThat(out).contains("Microsoft", "90 % errors of at least 300 mails", "suspended");
      assertThat(run("resume", "hotmail.com")).isZero();
      assertThat(out).contains("0 mails wait. Nothing was changed; add --yes.");
      assertThat(run("resume", "hotmail.com", "--yes")).isZero();
      assertThat(out).contains("a few probes first");
      assertThat(run("show", "hotmail.com", "--json")).isZero();
      assertThat(out).contains("\"what\" : \"resumed\"");
      assertThat(run("resume", "other.example", "--yes")).isOne();
      assertThat(run("suspend", "x.example", "--for", "soon", "--yes")).isNotZero();
    }
  }

  private int run(String... words) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "domains",
                "--config",
                dir.resolve("none.properties").toString(),
                "--data-dir",
                dir.resolve("data").toString(),
                "--postgres-port",
                Integer.toString(port)));
    all.addAll(List.of(words));
    StringWriter written = new StringWriter();
    CommandLine line = Main.line(all.toArray(String[]::new));
    line.setExecutionExceptionHandler(new OneSentence());
    line.setOut(new PrintWriter(written));
    line.setErr(new PrintWriter(written));
    int code = line.execute(all.toArray(String[]::new));
    out = written.toString();
    return code;
  }
}
