package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.qualification.Phase;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import dev.retour.support.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who we say we are by a password, and never so that somebody else can read it. */
class SmtpLoginTest {
  private static final Map<String, String> PASSWORD =
      Map.of("smtp.user", "shop", "smtp.password", "pass word\u00fc");
  private static final TestCertificate certificate = TestCertificate.loopback();

  @Test
  void plain_is_used_where_offered_and_login_otherwise() throws Exception {
    try (ScriptedSmtp server = secured("AUTH LOGIN PLAIN", Answers.USUAL);
        SmtpClient client = new SmtpClient(server.port(), PASSWORD)) {
      client.send(client.to("anna@example.com"));
      assertThat(server.commands()).contains("AUTH PLAIN " + base64("\0shop\0pass word\u00fc"));
    }
    Answers challenges =
        command ->
            command.equals("AUTH LOGIN") || command.equals(base64("shop"))
                ? "334 VXNlcm5hbWU6\r\n"
                : null;
    try (ScriptedSmtp server = secured("AUTH=LOGIN", challenges);
        SmtpClient client = new SmtpClient(server.port(), PASSWORD)) {
      client.send(client.to("anna@example.com"));
      assertThat(server.commands())
          .containsSequence("AUTH LOGIN", base64("shop"), base64("pass word\u00fc"));
    }
  }

  @Test
  void a_password_never_goes_over_an_open_line_unless_that_is_wanted() throws Exception {
    try (ScriptedSmtp server =
        new ScriptedSmtp(session -> session.behave(List.of("AUTH PLAIN"), Answers.USUAL))) {
      try (SmtpClient client = new SmtpClient(server.port(), PASSWORD)) {
        SmtpFault fault = client.fault(client.to("anna@example.com"));
        assertThat(fault.phase()).isEqualTo(Phase.AUTH);
        assertThat(fault.text()).contains("not sent in the clear");
        assertThat(client.monitor.state().up()).isFalse();
      }
      assertThat(server.commands()).noneMatch(each -> each.startsWith("AUTH"));
      Map<String, String> wanted = new HashMap<>(PASSWORD);
      wanted.put("smtp.password-in-the-clear", "true");
      try (SmtpClient client = new SmtpClient(server.port(), wanted)) {
        client.send(client.to("anna@example.com"));
      }
    }
  }

  @Test
  void a_refusal_that_repeats_the_secret_does_not_bring_it_into_the_fault() throws Exception {
    String plain = base64("\0shop\0pass word\u00fc");
    Answers parrot = Answers.when("AUTH", "535 5.7.8 bad " + plain + "\r\n");
    try (ScriptedSmtp server = secured("AUTH PLAIN", parrot);
        SmtpClient client = new SmtpClient(server.port(), PASSWORD)) {
      assertThat(client.fault(client.to("anna@example.com")))
          .isEqualTo(SmtpClient.refusal(Phase.AUTH, 535, "535 5.7.8 bad ***"));
      assertThat(client.pools.ours().toString()).doesNotContain("pass word");
    }
  }

  /** The procedure of spec A1: wrong password, repaired in its file, sent once, no restart. */
  @Test
  void a_repaired_password_is_read_at_the_next_login() throws Exception {
    String right = base64("\0shop\0right");
    Answers picky =
        command ->
            command.startsWith("AUTH") && !command.endsWith(right) ? "535 5.7.8 no\r\n" : null;
    AtomicInteger reads = new AtomicInteger();
    AtomicReference<String> inFile = new AtomicReference<>("pass word\u00fc");
    try (ScriptedSmtp server = secured("AUTH PLAIN", picky);
        SmtpClient client =
            new SmtpClient(
                server.port(),
                PASSWORD,
                () -> {
                  reads.incrementAndGet();
                  return Optional.of(inFile.get());
                })) {
      assertThat(client.fault(client.to("anna@example.com")).replyCode()).isEqualTo(535);
      assertThat(reads.get()).as("not before a refusal").isZero();
      client.clock.tick(Duration.ofSeconds(2));
      client.pools.probe();
      assertThat(client.monitor.state().up()).isFalse();
      inFile.set("right");
      client.clock.tick(Duration.ofSeconds(60));
      client.pools.probe();
      assertThat(client.monitor.state().up()).isTrue();
      client.send(client.to("anna@example.com"));
      assertThat(server.bodies()).hasSize(1);
      assertThat(reads.get()).isEqualTo(2);
    }
  }

  @Test
  void a_password_may_stand_in_a_file_of_its_own(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "geheim\n");
    Settings settings =
        Settings.of(Map.of("smtp.user", "shop", "smtp.password-file", file.toString()));
    assertThat(RelayLoginConfig.password(settings)).isEqualTo("geheim");
    Files.writeString(file, " \n");
    assertThatThrownBy(() -> RelayLoginConfig.password(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("smtp.password-file");
  }

  @Test
  void settings_that_would_log_in_twice_or_in_the_clear_are_refused() {
    Map<String, String> token = Map.of("smtp.user", "shop", "smtp.token-command", "/bin/token");
    Map<String, String> both = new HashMap<>(token);
    both.put("smtp.password", "p");
    Map<String, String> open = new HashMap<>(token);
    open.put("smtp.tls", "disabled");
    Map<String, String> http =
        Map.of("smtp.user", "shop", "smtp.oauth.token-url", "http://id.example/token");
    for (Map<String, String> wrong :
        List.of(both, open, http, Map.of("smtp.user", "shop"), Map.of("smtp.password", "p"))) {
      assertThatThrownBy(() -> new SmtpClient(2525, wrong)).isInstanceOf(ConfigException.class);
    }
  }

  private static ScriptedSmtp secured(String auth, Answers answers) throws IOException {
    return ScriptedSmtp.secured(certificate.server(), List.of(auth), answers);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
