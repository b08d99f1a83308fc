package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RulesCommandTest {
  private final StringWriter out = new StringWriter();

  @Test
  void a_folder_without_fault_exits_with_0() {
    assertThat(run("check", "rules/qualification")).isZero();
    assertThat(out.toString()).startsWith("No fault: ");
  }

  @Test
  void a_fault_is_printed_with_file_and_line_and_exits_with_1(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("40-a.rules.yaml"), "- id: a\n  text: '('\n");

    assertThat(run("check", folder.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("40-a.rules.yaml:2: The pattern \"(\" cannot be run");
  }

  private int run(String... args) {
    return new CommandLine(new RulesCommand()).setOut(new PrintWriter(out)).execute(args);
  }
}
