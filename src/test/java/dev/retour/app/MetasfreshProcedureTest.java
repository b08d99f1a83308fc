package dev.retour.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.support.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;
import picocli.CommandLine;

/**
 * The repair procedure of the ERP's documentation, step by step (spec A1), with the whole engine
 * and a mail server that wants a login.
 */
class MetasfreshProcedureTest {
  private static final JsonMapper mapper = JsonMapper.builder().build();
  private static final String PASSWORD = "right";

  @TempDir Path dir;
  private final int http = Ports.free();
  private final int postgres = Ports.free();
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private volatile boolean relaying = true;
  private final SMTPServer server = server();
  private String out = "";

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void a_wrong_password_is_repaired_the_error_cleared_and_the_mail_sent_once() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    JsonNode event;
    long id;
    try (Engine engine = Engine.start(settings("wrong"))) {
      assertThat(engine.inSandbox()).isFalse();
      event = invoice();
      assertThat(post(event).status()).isEqualTo(202);

      // 1. The mail is not sent; its package stands in the queue with the text of the error.
      id = found("--processor", "mail", "--created-from", before.toString());
      await(() -> show(id).path("failure").path("text").asText().contains("535"));
      assertThat(show(id).path("state").asText()).isIn("waiting", "error");
      assertThat(show(id).path("attemptLog").size())
          .as("it is not tried for nothing")
          .isLessThan(2);

      // 2. Send is pressed again: never in silence, and no second package.
      ApiClient.Reply again = post(event);
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.json().path("existing").path("workPackage").asLong()).isEqualTo(id);
      assertThat(again.json().path("existing").path("fault").asText()).contains("535");
      assertThat(accepted).isEmpty();

      // 3. The error is cleared while the cause stands: nothing is lost by it.
      assertThat(queue("clear-error", Long.toString(id), "--yes")).isIn(0, 1);
    }
    // 4. The password is repaired, and the error cleared once more; neither can make a second mail.
    try (Engine engine = Engine.start(settings(PASSWORD))) {
      assertThat(engine.inSandbox()).isFalse();
      assertThat(queue("clear-error", Long.toString(id), "--yes")).isIn(0, 1);
      await(() -> show(id).path("state").asText().equals("sent"));
      assertThat(show(id).has("failure")).isFalse();

      // 5. The optional third step of the documentation, sending again, does not repeat the mail.
      assertThat(post(event).status()).isEqualTo(409);
      assertThat(queue("clear-error", Long.toString(id), "--yes")).isEqualTo(1);
      assertThat(out).contains("Sending it once more is a separate action: send-again.");
      assertThat(found("--processor", "mail", "--created-from", before.toString())).isEqualTo(id);
    }
    assertThat(accepted).containsExactly("anna@example.com");
  }

  @Test
  void what_the_server_refused_for_good_stands_in_error_until_a_person_clears_it() {
    relaying = false;
    try (Engine engine = Engine.start(settings(PASSWORD))) {
      assertThat(engine.inSandbox()).isFalse();
      JsonNode event = invoice();
      assertThat(post(event).status()).isEqualTo(202);
      long id = found("--processor", "mail");
      await(() -> show(id).path("state").asText().equals("error"));
      assertThat(show(id).path("failure").path("text").asText()).contains("Relaying denied");
      assertThat(post(event).json().path("existing").path("state").asText()).isEqualTo("error");
      relaying = true;
      assertThat(queue("clear-error", "--state", "error", "--processor", "mail", "--yes")).isZero();
      await(() -> show(id).path("state").asText().equals("sent"));
    }
    assertThat(accepted).containsExactly("anna@example.com");
  }

  private JsonNode invoice() {
    ObjectNode body = (ObjectNode) api().get("api/v1/event-types/EVTinvoiceIssued/sample").json();
    body.remove(List.of("scheduled", "expiration"));
    return body.put("email", "anna@example.com");
  }

  private ApiClient.Reply post(JsonNode event) {
    return api().post("api/v1/events/EVTinvoiceIssued", event);
  }

  private ApiClient api() {
    return ApiClient.of(HttpConfig.from(settings(PASSWORD).settings()));
  }

  /** The one package that the command finds. */
  private long found(String... filters) {
    List<String> words = new ArrayList<>(List.of("list", "--json"));
    words.addAll(List.of(filters));
    JsonNode[] packages = new JsonNode[1];
    await(
        () -> {
          assertThat(queue(words.toArray(String[]::new))).isZero();
          packages[0] = json().path("packages");
          return !packages[0].isEmpty();
        });
    assertThat(packages[0]).hasSize(1);
    return packages[0].get(0).path("id").asLong();
  }

  private JsonNode show(long id) {
    return api().get("api/v1/queue/" + id).json();
  }

  private JsonNode json() {
    try {
      return mapper.readTree(out);
    } catch (IOException e) {
      throw new AssertionError(out, e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(until);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private SettingsSource settings(String password) {
    return SettingsSource.read(
        dir.resolve("none.properties"),
        Map.of(
            "http.port",
            Integer.toString(http),
            "store.data-dir",
            dir.resolve("data").toString(),
            "store.postgres-port",
            Integer.toString(postgres),
            "smtp.host",
            "127.0.0.1",
            "smtp.port",
            Integer.toString(server.getPort()),
            "smtp.password-in-the-clear",
            "true",
            "smtp.user",
            "retour",
            "smtp.password",
            password),
        Map.of());
  }

  private int queue(String... words) {
    List<String> all = new ArrayList<>(List.of("queue", "--config"));
    all.add(dir.resolve("none.properties").toString());
    all.addAll(List.of("--data-dir", dir.resolve("data").toString()));
    all.addAll(List.of("--postgres-port", Integer.toString(postgres)));
    all.addAll(List.of(words));
    StringWriter written = new StringWriter();
    CommandLine line = Main.line(all.toArray(String[]::new));
    line.setExecutionExceptionHandler(new OneSentence());
    line.setOut(new PrintWriter(written, true)).setErr(new PrintWriter(written, true));
    int code = line.execute(all.toArray(String[]::new));
    out = written.toString();
    return code;
  }

  private SMTPServer server() {
    SMTPServer wanting =
        SMTPServer.port(Ports.free())
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandlerFactory(Taking::new)
            .authenticationHandlerFactory(
                new EasyAuthenticationHandlerFactory(
                    (user, password, context) -> {
                      if (!password.equals(PASSWORD)) {
                        throw new LoginFailedException("535 5.7.8 Authentication failed");
                      }
                    }))
            .requireAuth()
            .build();
    wanting.start();
    return wanting;
  }

  private final class Taking implements MessageHandler {
    private String to = "";

    Taking(MessageContext context) {
      assertThat(context).isNotNull();
    }

    @Override
    public void from(String sender) {
      // Any sender who has logged in may send.
    }

    @Override
    public void recipient(String recipient) throws RejectException {
      to = recipient;
      if (!relaying) {
        throw new RejectException(550, "5.7.1 Relaying denied");
      }
    }

    @Override
    public String data(InputStream in) throws IOException {
      String mail = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(mail).contains("Subject:");
      accepted.add(to);
      return "Ok";
    }

    @Override
    public void done() {
      // Nothing to clean up.
    }
  }
}
