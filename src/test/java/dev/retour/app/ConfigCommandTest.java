package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.delivery.RelayConfig;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigCommandTest {
  @TempDir Path dir;

  @Test
  void the_page_in_docs_is_what_the_code_says() throws IOException {
    assertThat(Files.readString(Path.of("docs/configuration.md")))
        .as("run ./retour config --markdown > docs/configuration.md")
        .isEqualTo(ConfigCommand.markdown());
  }

  @Test
  void every_key_is_there_once_and_its_default_is_valid() {
    Set<String> keys = new HashSet<>();
    for (Setting<?> setting : SettingsCatalog.all()) {
      assertThat(keys.add(setting.key())).as(setting.key()).isTrue();
      if (!setting.defaultText().isEmpty()) {
        assertThat((Object) setting.parser().apply(setting.defaultText())).isNotNull();
      }
    }
  }

  @Test
  void the_value_in_force_shows_its_origin_and_no_secret() throws IOException {
    Path file = dir.resolve("application.properties");
    Files.writeString(file, "smtp.user=u\nsmtp.password=geheim\nhttp.port=9000\n");
    String out = config("--config", file.toString(), "--http-port", "9001");
    assertThat(out).contains("http.port = 9001").contains("from command line");
    assertThat(out).contains("smtp.password = ***").doesNotContain("geheim");
  }

  @Test
  void the_sandbox_moves_with_the_data_folder_unless_it_has_one_of_its_own() throws IOException {
    Path nowhere = dir.resolve("none.properties");
    Map<String, String> moved = Map.of("store.data-dir", "/srv/retour");
    Map<String, String> both = Map.of("store.data-dir", "/srv/retour", "sandbox.dir", "/srv/mail");
    assertThat(SettingsSource.read(nowhere, moved, Map.of()).settings().get(SandboxConfig.DIR))
        .isEqualTo(Path.of("/srv/retour/sandbox"));
    assertThat(SettingsSource.read(nowhere, both, Map.of()).settings().get(SandboxConfig.DIR))
        .isEqualTo(Path.of("/srv/mail"));
  }

  @Test
  void a_wrong_value_is_named_with_its_key() throws IOException {
    Path file = dir.resolve("application.properties");
    Files.writeString(file, "http.port=ninety\n");
    assertThat(config("--config", file.toString()))
        .contains("http.port = \"ninety\" must be a whole number from 1 to 65535");
  }

  @Test
  void an_unknown_key_is_refused_with_the_nearest() {
    assertThatThrownBy(
            () -> SettingsSource.read(dir.resolve("none"), Map.of("https.port", "1"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("https.port")
        .hasMessageContaining("http.port");
  }

  @Test
  void flag_beats_variable_beats_file() throws IOException {
    Path file = dir.resolve("application.properties");
    Files.writeString(file, "http.port=9000\nstore.pool-size=5\nsmtp.port=2600\n");
    SettingsSource source =
        SettingsSource.read(
            file,
            Map.of("http.port", "9002"),
            Map.of("RETOUR_HTTP_PORT", "9001", "RETOUR_STORE_POOL_SIZE", "6"));
    assertThat(source.settings().get(HttpConfig.PORT)).isEqualTo(9002);
    assertThat(source.settings().given()).containsEntry("store.pool-size", "6");
    assertThat(source.settings().given()).containsEntry("smtp.port", "2600");
  }

  private static String config(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = new CommandLine(new ConfigCommand());
    line.setOut(new PrintWriter(out));
    line.execute(arguments);
    return out.toString();
  }

  @Test
  void a_path_that_is_not_set_is_none_wherever_the_command_was_called_from() {
    String home = System.getProperty("retour.home");
    System.setProperty("retour.home", "/opt/retour");
    try {
      Settings settings =
          SettingsSource.read(Path.of("no such file"), Map.of(), Map.of()).settings();
      assertThat(settings.find(RelayConfig.TLS_AUTHORITIES)).isEmpty();
      assertThat(settings.get(StoreConfig.DATA_DIR)).isEqualTo(Path.of("/opt/retour/data"));
    } finally {
      if (home == null) {
        System.clearProperty("retour.home");
      } else {
        System.setProperty("retour.home", home);
      }
    }
  }
}
