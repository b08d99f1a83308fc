package dev.retour.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.support.ErpEndpoint;
import dev.retour.support.TestDatabase;
import dev.retour.support.TickingClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are replaced while Retour runs, against an ERP that verifies what it gets. */
class RotatingSecretsTest {
  private static final String OLD = CallbackFixture.SECRET;
  private static final String NEW = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazfgh7V1sBw=";
  private final Jdbi jdbi = TestDatabase.fresh();
  private final TickingClock clock = new TickingClock();
  private final ErpEndpoint erp = new ErpEndpoint();
  @TempDir private Path dir;
  private Path file = Path.of("");
  private CallbackFixture it;

  @BeforeEach
  void start() throws IOException {
    file = Files.writeString(dir.resolve("secrets"), OLD);
    it =
        new CallbackFixture(
            jdbi,
            clock,
            clock,
            Map.of(
                "callback.url", erp.url(),
                "callback.secrets", "",
                "callback.secrets-file", file.toString()));
  }

  @AfterEach
  void close() {
    it.close();
    erp.close();
  }

  @Test
  void a_refused_signature_has_the_secrets_read_anew_and_the_fact_told_at_once() throws Exception {
    verifies(NEW);
    Files.writeString(file, NEW + "\n" + OLD);
    it.cancelled("anna@example.com");
    it.tellDue();

    assertThat(it.states()).containsExactly("sent");
    assertThat(it.column("attempts")).containsExactly("1");
    assertThat(erp.received()).hasSize(2);
    assertThat(erp.received().get(1).header("webhook-id"))
        .isEqualTo(erp.received().get(0).header("webhook-id"));
    for (String each : new String[] {OLD, NEW}) { // whichever of both the ERP has by now
      assertThat(StandardWebhook.verifies(erp.received().get(1), each, clock.instant())).isTrue();
    }
    assertThat(it.callbacks.state().up()).isTrue();
  }

  @Test
  void while_the_erp_believes_no_signature_facts_wait_health_is_red_and_nothing_fails()
      throws Exception {
    verifies(NEW);
    it.cancelled("anna@example.com");
    it.cancelled("berta@example.com");
    it.tellDue();

    assertThat(it.states()).containsOnly("waiting");
    assertThat(erp.received()).as("the others wait").hasSize(1);
    assertThat(it.callbacks.state().up()).isFalse();
    assertThat(it.callbacks.state().fault())
        .contains("does not accept our signature", "HTTP 401")
        .doesNotContain(OLD, OLD.substring("whsec_".length()));

    Files.writeString(file, NEW);
    for (int i = 0; i < 30 && it.states().contains("waiting"); i++) {
      clock.tick(Duration.ofMinutes(1));
      it.tellDue();
    }
    assertThat(it.states()).containsOnly("sent");
    assertThat(it.callbacks.state().up()).isTrue();
  }

  @Test
  void secrets_that_cannot_be_read_leave_the_known_ones_in_force() throws IOException {
    CallbackSecrets known = CallbackSecrets.of("k", OLD);
    RotatingSecrets secrets = new RotatingSecrets(known, () -> CallbackSecrets.of("k", text()));
    for (String broken : new String[] {"", "# nothing\n", "whsec_short"}) {
      Files.writeString(file, broken);
      assertThatThrownBy(secrets::reload)
          .isInstanceOf(ConfigException.class)
          .hasMessageNotContaining("short");
      assertThat(secrets.after(known)).isSameAs(known);
    }
    Files.writeString(file, NEW);
    secrets.reload();

    assertThat(secrets.current()).isEqualTo(CallbackSecrets.of("k", NEW)).isNotEqualTo(known);
    assertThat(secrets.after(known)).as("others are known by now").isSameAs(secrets.current());
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void verifies(String secret) {
    erp.says(
        (got, exchange) -> {
          try {
            boolean right = StandardWebhook.verifies(got, secret, clock.instant());
            exchange.sendResponseHeaders(right ? 204 : 401, -1);
          } catch (GeneralSecurityException e) {
            throw new IOException(e);
          }
        });
  }
}
