package dev.retour.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.support.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {
  @Test
  void a_problem_names_each_fault_by_its_json_pointer() {
    Answer answer =
        Problem.of("invalid-payload", 400, "The payload is invalid", "Correct it and post again.")
            .because(List.of(new Problem.Fault("/ctx/total", "number", "\"<abc>\"")))
            .at("/api/v1/events/EVTx")
            .toAnswer();

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.text())
        .isEqualTo(
            """
            {"type":"tag:retour.dev,2026:problem/invalid-payload",\
            "title":"The payload is invalid","status":400,\
            "detail":"Correct it and post again.","instance":"/api/v1/events/EVTx",\
            "faults":[{"pointer":"/ctx/total","expected":"number","found":"\\"<abc>\\""}]}""");
  }

  @Test
  void a_browser_gets_problem_json_from_the_api_all_the_same() {
    ErrorPages pages = new ConsoleFixture(TestDatabase.fresh()).errorPages();

    assertThat(pages.refused(404, "/api/v1/x", "text/html", "de").contentType())
        .isEqualTo(Problem.CONTENT_TYPE);
    assertThat(pages.refused(418, "/x", null, null).status()).isEqualTo(500);
  }

  @Test
  void files_keep_their_address_only_as_long_as_their_content() {
    Assets assets = new ConsoleFixture(TestDatabase.fresh()).assets();

    String address = assets.addresses().get("htmx.js");

    assertThat(address).matches("/assets/htmx-[0-9a-f]{16}\\.js");
    Answer htmx = assets.get(String.valueOf(address).substring("/assets/".length()));
    assertThat(htmx.headers().get("Cache-Control")).contains("immutable");
    assertThat(htmx.text()).contains("htmx").contains("2.0.10");
    assertThat(assets.get(null).status()).isEqualTo(404);
  }

  @Test
  void text_is_not_cut_inside_a_character() {
    assertThat(VisibleText.cut("ab😀", 3)).isEqualTo("ab…");
    assertThat(VisibleText.of("a\uD83D b")).isEqualTo("a⟨D83D⟩ b");
    assertThat(VisibleText.of("👩‍🚀 Grüße, שלום")).isEqualTo("👩‍🚀 Grüße, שלום");
  }

  @Test
  void a_wrong_setting_is_refused_with_its_key() {
    assertThatThrownBy(
            () -> ConsoleConfig.from(Settings.of(Map.of("console.time-zone", "Mars/Base"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("console.time-zone")
        .hasMessageContaining("Europe/Berlin");
    assertThatThrownBy(() -> ConsoleConfig.from(Settings.of(Map.of("console.refresh", "10ms"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("console.refresh");
  }
}
