package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.Settings;
import dev.retour.console.ComponentState;
import dev.retour.console.ComponentState.Status;
import dev.retour.support.Await;
import dev.retour.support.Ports;
import dev.retour.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other databases in the running process: what health says of each, and edits of their file. */
class SourcesPartTest {
  private static final String THERE = "- {id: there, jdbcUrl: \"%s\", user: postgres}\n";

  @TempDir Path dir;
  private final String url = TestDatabase.named().url();
  private Path file = Path.of("");
  private Settings settings = Settings.of(Map.of());

  @BeforeEach
  void settings() throws IOException {
    file = dir.resolve("sources.yaml");
    Files.writeString(file, THERE.formatted(url));
    String nobody = "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/erp";
    settings = Settings.of(Map.of("store.sources", file.toString(), "erp.jdbc-url", nobody));
  }

  @Test
  void each_source_has_its_part_and_health_is_red_with_the_one_that_is_away() {
    try (SourcesPart part = new SourcesPart(settings, InstantSource.system())) {
      Await.until(
          "both to be asked",
          () -> part.states().stream().anyMatch(each -> each.status() == Status.DOWN));
      List<ComponentState> states = part.states();
      assertThat(states)
          .extracting(each -> each.name().english() + " " + each.status())
          .containsExactly("Source erp DOWN", "Source there UP");
      assertThat(part.state().status()).isEqualTo(Status.DOWN);
      assertThat(part.state().sentence().english())
          .contains("The source erp does not answer", "Events that need it wait");
    }
  }

  @Test
  void a_saved_file_is_in_force_and_a_faulty_one_changes_nothing() throws IOException {
    try (SourcesPart part = new SourcesPart(settings, InstantSource.system());
        Reloader reloader = new Reloader(InstantSource.system())) {
      part.watch(reloader);
      reloader.start(Duration.ofMillis(20));
      Files.writeString(file, THERE.formatted(url).replace("there", "elsewhere"));
      Await.until("the new one", () -> part.sources().ids().contains("elsewhere"));
      Files.writeString(file, "- {id: broken}\n");
      Await.until("the fault", () -> reloader.refused("sources").isPresent());
      assertThat(part.sources().ids()).containsExactly("elsewhere", "erp");
    }
  }

  @Test
  void a_start_with_a_faulty_file_names_the_line() throws IOException {
    Files.writeString(file, "- {id: broken}\n");
    assertThatThrownBy(() -> new SourcesPart(settings, InstantSource.system()))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("sources.yaml:1: \"jdbcUrl\" is missing.");
  }
}
