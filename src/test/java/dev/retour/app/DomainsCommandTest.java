package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command beside a running store, as an operator types it. */
class DomainsCommandTest {
  @TempDir Path dir;
  private Terminal terminal = new Terminal(Path.of(""));

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(dir);
  }

  @Test
  void an_operator_pauses_shows_and_resumes_a_domain() {
    try (Database database = terminal.store()) {
      assertThat(database.fault()).isEmpty();
      assertThat(run("list")).isZero();
      assertThat(terminal.out()).contains("Sending to no domain pauses.");
      assertThat(run("suspend", "Hotmail.com", "--for", "1h")).isZero();
      assertThat(terminal.out()).contains("Nothing was changed; add --yes.");
      assertThat(run("list", "--json")).isZero();
      assertThat(terminal.out().strip()).isEqualTo("[ ]");
      assertThat(run("suspend", "Hotmail.com", "--for", "1h", "--why", "a\u001b[31m", "--yes"))
          .isZero();
      assertThat(run("list")).isZero();
      assertThat(terminal.out()).contains("hotmail.com", "pauses until").doesNotContain("\u001b");
      assertThat(run("show", "hotmail.com")).isZero();
      assertThat(terminal.out())
          .contains("Microsoft", "90 % errors of at least 300 mails", "suspended");
      assertThat(run("resume", "hotmail.com")).isZero();
      assertThat(terminal.out()).contains("0 mails wait. Nothing was changed; add --yes.");
      assertThat(run("resume", "hotmail.com", "--yes")).isZero();
      assertThat(terminal.out()).contains("a few probes first");
      assertThat(run("show", "hotmail.com", "--json")).isZero();
      assertThat(terminal.out()).contains("\"what\" : \"resumed\"");
      assertThat(run("resume", "other.example", "--yes")).isOne();
      assertThat(run("suspend", "x.example", "--for", "soon", "--yes")).isNotZero();
    }
  }

  private int run(String... words) {
    return terminal.beside("domains", words);
  }
}
