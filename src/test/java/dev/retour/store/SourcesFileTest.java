package dev.retour.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesFileTest {
  @TempDir Path dir;
  private final List<FileFault> faults = new ArrayList<>();

  private List<SourceConfig> read(String yaml) throws IOException {
    Path file = dir.resolve("sources.yaml");
    Files.writeString(file, yaml);
    return SourcesFile.read(file, Map.of("STOCK", "s3cret"), faults);
  }

  @Test
  void a_source_is_read_with_its_password_from_elsewhere() throws IOException {
    Files.writeString(dir.resolve("word"), "geheim\n");
    List<SourceConfig> sources =
        read(
            """
            - id: stock
              jdbcUrl: jdbc:postgresql://db/stock
              user: reader
              password: {env: STOCK}
              timeout: 300ms
              connections: 2
            - {id: crm, jdbcUrl: "jdbc:postgresql://crm/crm", user: r, password: {file: word}}
            """);
    assertThat(faults).isEmpty();
    assertThat(sources).extracting(SourceConfig::id).containsExactly("stock", "crm");
    assertThat(sources.get(0).timeout()).isEqualTo(Duration.ofMillis(300));
    assertThat(sources.get(0).password().text()).isEqualTo("s3cret");
    assertThat(sources.get(1).password().text()).isEqualTo("geheim");
    assertThat(sources.toString()).doesNotContain("s3cret", "geheim");
  }

  @Test
  void there_need_be_no_file_and_the_shipped_one_names_none() {
    assertThat(SourcesFile.read(dir.resolve("none.yaml"), Map.of(), faults)).isEmpty();
    assertThat(SourcesFile.read(Path.of("rules/sources.yaml"), Map.of(), faults)).isEmpty();
    assertThat(faults).isEmpty();
  }

  @Test
  void every_fault_is_named_with_its_line() throws IOException {
    read(
        """
        - id: erp
          jdbcUrl: jdbc:postgresql://db/stock
        - id: stock
          jdbcUrl: jdbc:postgresql://db/stock?readOnlyMode=ignore&password=x
          password: open
          timeout: 1m
        - id: stock
          jdbcUrl: jdbc:unknown:db
          passwrd: x
        - id: "a b"
          jdbcUrl: jdbc:postgresql://db/x
          password: {env: MISSING}
        """);
    assertThat(faults)
        .extracting(fault -> fault.line() + " " + fault.text())
        .anyMatch(text -> text.startsWith("1 ") && text.contains("erp.jdbc-url"))
        .anyMatch(text -> text.startsWith("4 ") && text.contains("holds no password"))
        .anyMatch(text -> text.startsWith("4 ") && text.contains("only read"))
        .anyMatch(text -> text.startsWith("5 ") && text.contains("holds no password"))
        .anyMatch(text -> text.startsWith("6 ") && text.contains("250ms to 20s"))
        .anyMatch(text -> text.startsWith("7 ") && text.contains("twice"))
        .anyMatch(text -> text.startsWith("8 ") && text.contains("No driver"))
        .anyMatch(text -> text.startsWith("9 ") && text.contains("passwrd"))
        .anyMatch(text -> text.startsWith("10 ") && text.contains("letters"))
        .anyMatch(text -> text.startsWith("12 ") && text.contains("MISSING"));
  }
}
