package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.delivery.Facts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the ERP is told, and with which signature. */
class CallbackSecretsTest {
  private static final String SECRET = CallbackFixture.SECRET;
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazfgh7V1sBw=";

  /** The vector that libraries of Standard Webhooks are tested with. */
  @Test
  void the_published_example_has_the_published_signature() {
    assertThat(
            CallbackSecrets.of("k", SECRET)
                .sign(
                    "msg_p5jXN8AQM9LWM0D4loKWxJek",
                    Instant.ofEpochSecond(1_614_265_330),
                    "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void while_a_secret_is_replaced_both_sign(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secrets"), "# new\n" + OTHER + "\n" + SECRET);
    CallbackSecrets both =
        config(Map.of("callback.secrets", "", "callback.secrets-file", file.toString())).secrets();
    Instant now = Instant.ofEpochSecond(1);

    assertThat(both.sign("id", now, new byte[] {1}).split(" ", -1))
        .containsExactly(
            CallbackSecrets.of("k", OTHER).sign("id", now, new byte[] {1}),
            CallbackSecrets.of("k", SECRET).sign("id", now, new byte[] {1}));
    assertThat(both.toString()).doesNotContain("C2FV");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "whsec_c2hvcnQ=", "whsec_!!!!", "password", "a b c d e f"})
  void no_secret_or_a_weak_one_is_refused_without_being_shown(String secret) {
    assertThatThrownBy(() -> config(Map.of("callback.secrets", secret)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("callback.secrets")
        .hasMessageNotContaining("c2hvcnQ")
        .hasMessageNotContaining("password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://erp.example.com/",
        "ftp://erp.example.com/",
        "https:///nowhere",
        "https://user:hush@erp.example.com/",
        "https://erp.example.com/#there",
        "erp.example.com",
        "http://127.0.0.1.example.com/"
      })
  void an_address_that_gives_something_away_or_leads_nowhere_is_refused(String url) {
    assertThatThrownBy(() -> config(Map.of("callback.url", url)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("callback.url")
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://erp.example.com:8443/retour?k=1",
        "http://localhost:9/",
        "http://127.1.2.3/"
      })
  void an_address_by_https_or_on_this_machine_is_taken(String url) {
    assertThat(config(Map.of("callback.url", url)).enabled()).isTrue();
  }

  @Test
  void http_to_another_machine_has_to_be_wanted() {
    assertThat(
            config(Map.of("callback.url", "http://erp.lan/", "callback.in-the-clear", "true"))
                .enabled())
        .isTrue();
  }

  @Test
  void an_unknown_fact_is_refused_and_without_an_address_there_is_none() {
    Map<String, String> texts = Map.of("callback.url", "https://e.example/", "callback.facts", "x");
    assertThatThrownBy(() -> CallbackConfig.facts(Settings.of(texts), ""))
        .hasMessageContaining("callback.facts");
    assertThat(CallbackConfig.facts(Settings.of(Map.of()), "")).isSameAs(Facts.NONE);
  }

  private static CallbackConfig config(Map<String, String> more) {
    Map<String, String> texts = new HashMap<>();
    texts.put("callback.url", "https://erp.example.com/retour");
    texts.put("callback.secrets", SECRET);
    texts.putAll(more);
    return CallbackConfig.from(Settings.of(texts));
  }
}
