package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SourcesCommandTest {
  @TempDir Path dir;
  private final StringWriter out = new StringWriter();
  private Path file = Path.of("");

  @BeforeEach
  void file() {
    file = dir.resolve("sources.yaml");
  }

  private int check(String yaml) throws IOException {
    Files.writeString(file, yaml);
    CommandLine line = Main.line("sources");
    line.setOut(new PrintWriter(out, true));
    return line.execute("sources", "--set", "store.sources=" + file, "check");
  }

  @Test
  void each_source_is_asked_and_told_of() throws IOException {
    String url = TestDatabase.named().url();
    String yaml =
        """
        - {id: there, jdbcUrl: "%s", user: postgres}
        - {id: away, jdbcUrl: "jdbc:postgresql://127.0.0.1:%d/x", user: r, timeout: 250ms}
        """
            .formatted(url, Ports.free());
    assertThat(check(yaml)).as(out.toString()).isEqualTo(1);
    assertThat(out.toString()).contains("there                answers", "away", "does not answer");
  }

  @Test
  void a_fault_is_told_with_its_line_and_nothing_is_asked() throws IOException {
    assertThat(check("- id: stock\n  jdbcUrl: nonsense\n")).isEqualTo(1);
    assertThat(out.toString()).contains("sources.yaml:2: No driver");
  }
}
