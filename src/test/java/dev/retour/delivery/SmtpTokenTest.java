package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Logins by a token: where it comes from, and who gets to see it. */
@DisabledOnOs(OS.WINDOWS) // the token commands are Unix's
class SmtpTokenTest {
  private static final TestCertificate certificate = TestCertificate.loopback();

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

  private static ScriptedSmtp secured(String auth, Answers answers) throws IOException {
    return ScriptedSmtp.secured(certificate.server(), List.of(auth), answers);
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
