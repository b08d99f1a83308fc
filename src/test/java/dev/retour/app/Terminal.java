package dev.retour.app;

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
import picocli.CommandLine;

/** Where an operator types commands, with a store of its own beside it. */
final class Terminal {
  private final Path dir;
  private final int port = Ports.free();
  private String out = "";

  Terminal(Path dir) {
    this.dir = dir;
  }

  /** Of the store the commands find. */
  Settings settings() {
    return Settings.of(
        Map.of(
            "store.data-dir", dir.resolve("data").toString(),
            "store.postgres-port", Integer.toString(port)));
  }

  /** Starts the store, as a running engine would. */
  Database store() {
    return Database.open(StoreConfig.from(settings()));
  }

  /** Types a command that works on the store; answers its exit code. */
  int beside(String command, String... words) {
    List<String> all =
        new ArrayList<>(
            List.of(
                command,
                "--config",
                dir.resolve("none.properties").toString(),
                "--data-dir",
                dir.resolve("data").toString(),
                "--postgres-port",
                Integer.toString(port)));
    all.addAll(List.of(words));
    return run(all.toArray(String[]::new));
  }

  /** Types a command; answers its exit code. */
  int run(String... words) {
    StringWriter written = new StringWriter();
    CommandLine line = Main.line(words);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new OneSentence());
    line.setOut(new PrintWriter(written, true)).setErr(new PrintWriter(written, true));
    int code = line.execute(words);
    out = written.toString();
    return code;
  }

  /** What the last command wrote. */
  String out() {
    return out;
  }
}
