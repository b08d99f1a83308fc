package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.retour.config.ConfigException;
import dev.retour.config.Settings;
import dev.retour.qualification.Phase;
import dev.retour.support.Ports;
import dev.retour.support.ScriptedSmtp;
import dev.retour.support.ScriptedSmtp.Answers;
import dev.retour.support.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Who we say we are: by password or token, and never so that somebody else can read it. */
@DisabledOnOs(OS.WINDOWS) // the token commands are Unix's
class SmtpLoginTest {
  private static final Map<String, String> PASSWORD =
      Map.of("smtp.user", "shop", "smtp.password", "pass word\u00fc");
  private static TestCertificate certificate;

  @BeforeAll
  static void certificate(@TempDir Path folder) {
    certificate = TestCertificate.of(folder, "ip:127.0.0.1");
  }

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
  void a_command_gives_the_token_and_is_asked_again_only_when_it_is_refused() throws Exception {
    Path counter = Path.of(System.getProperty("java.io.tmpdir"), "retour-token-" + Ports.free());
    String script =
        "[\"/bin/sh\", \"-c\", \"echo x >> "
            + counter
            + "; echo '{\\\"access_token\\\": \\\"tok-en\\\", \\\"expires_in\\\": 3600}'\"]";
    String response = base64("user=shop\u0001auth=Bearer tok-en\u0001\u0001");
    List<String> refuse = new ArrayList<>();
    Answers answers =
        command -> {
          if (command.startsWith("AUTH") && !refuse.isEmpty()) {
            refuse.clear();
            return "334 eyJzdGF0dXMiOiI0MDAifQ==\r\n";
          }
          return command.isEmpty() ? "535 5.7.8 token tok-en\r\n" : null;
        };
    try (ScriptedSmtp server = secured("AUTH XOAUTH2", answers);
        SmtpClient client =
            new SmtpClient(
                server.port(),
                Map.of(
                    "smtp.user", "shop",
                    "smtp.token-command", script,
                    "delivery.messages-per-connection", "1"))) {
      client.send(client.to("anna@example.com"));
      client.send(client.to("anna@example.com"));
      assertThat(server.commands()).contains("AUTH XOAUTH2 " + response);
      assertThat(java.nio.file.Files.readAllLines(counter)).as("cached").hasSize(1);
      refuse.add("once");
      SmtpFault fault = client.fault(client.to("anna@example.com"));
      assertThat(fault.replyCode()).isEqualTo(535);
      assertThat(fault.text()).doesNotContain("tok-en");
      client.send(client.to("anna@example.com"));
      assertThat(java.nio.file.Files.readAllLines(counter)).as("discarded").hasSize(2);
    } finally {
      java.nio.file.Files.deleteIfExists(counter);
    }
  }

  @Test
  void a_command_that_fails_hangs_or_floods_gives_no_token_and_tells_no_secret() {
    Duration brief = Duration.ofMillis(300);
    assertThatThrownBy(() -> sh("echo secret; exit 3", brief).fetch())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("code 3")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> sh("sleep 600", brief).fetch()).hasMessageContaining("too long");
    assertThatThrownBy(() -> sh("yes", brief).fetch()).hasMessageContaining("65536");
    assertThatThrownBy(() -> sh("echo 'se cret'", brief).fetch())
        .hasMessageContaining("no access token")
        .hasMessageNotContaining("cret'");
    assertThatThrownBy(() -> sh("echo '{\"access_token\": \"secret'", brief).fetch())
        .hasMessageContaining("broken JSON")
        .hasStackTraceContaining("not JSON")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> new TokenCommand(List.of("/no/such/program")).fetch())
        .isInstanceOf(IOException.class);
  }

  @Test
  void client_credentials_are_sent_to_the_token_endpoint_and_nowhere_else() throws Exception {
    List<String> asked = new ArrayList<>();
    HttpsServer https =
        HttpsServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
    https.createContext(
        "/token",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] answer =
              "{\"access_token\":\"t1\",\"expires_in\":120}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    https.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/token");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    https.start();
    try {
      String base = "https://127.0.0.1:" + https.getAddress().getPort();
      HttpClient http = HttpClient.newBuilder().sslContext(believing()).build();
      TokenEndpoint endpoint =
          new TokenEndpoint(
              new RelayLoginConfig.Client(
                  URI.create(base + "/token"), "me", "s&cret", "https://scope/.default"),
              http);
      assertThat(endpoint.fetch()).isEqualTo(new FreshToken("t1", Duration.ofMinutes(2)));
      assertThat(asked)
          .containsExactly(
              "grant_type=client_credentials&client_id=me&client_secret=s%26cret"
                  + "&scope=https%3A%2F%2Fscope%2F.default");
      TokenEndpoint moved =
          new TokenEndpoint(
              new RelayLoginConfig.Client(URI.create(base + "/moved"), "me", "s", ""), http);
      assertThatThrownBy(moved::fetch).hasMessageContaining("answered 307");
    } finally {
      https.stop(0);
    }
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
    return new ScriptedSmtp(
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-relay\r\n250 STARTTLS\r\n");
          session.hear();
          session.say("220 go\r\n");
          session.protect(certificate.server());
          session.converse(List.of(auth), answers);
        });
  }

  private static SSLContext believing() throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    java.security.KeyStore own = java.security.KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setCertificateEntry("it", certificate.keyStore().getCertificate("test"));
    trust.init(own);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static TokenCommand sh(String script, Duration patience) {
    return new TokenCommand(List.of("/bin/sh", "-c", script), patience);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
