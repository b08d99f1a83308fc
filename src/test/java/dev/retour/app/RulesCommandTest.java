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

  @Test
  void the_rules_of_the_gate_are_checked_with_them(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("exclusions.rules.yaml");
    String setting = "quarantine.gate-rules=" + file;
    Files.writeString(file, "caps:\n  - {id: a, messages: EVTa, per: recipient, because: x}\n");
    assertThat(run("check", "--set", setting)).isEqualTo(1);
    assertThat(out.toString())
        .contains("No fault: ")
        .contains("exclusions.rules.yaml:2: \"most\" is missing.")
        .contains("exclusions.rules.yaml:2: \"within\" is missing.");

    Files.writeString(
        file,
        "exclusions:\n  - {id: a, messages: EVTa, source: crm, sql: 'SELECT :email', because: x}\n");
    assertThat(run("check", "--set", setting)).isZero();
    assertThat(out.toString()).contains("No fault: 1 rules of the gate");
    assertThat(run("check", "--sources", "--set", setting)).isEqualTo(1);
    assertThat(out.toString()).contains("exclusions.rules.yaml:2: crm: There is no such source");
  }

  private int run(String... args) {
    return new CommandLine(new RulesCommand()).setOut(new PrintWriter(out)).execute(args);
  }
}
