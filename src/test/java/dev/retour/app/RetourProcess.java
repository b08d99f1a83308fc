package dev.retour.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.support.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real {@code ./retour up} as a process of its own, with its own folders and ports. */
final class RetourProcess implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  final Path dir;
  final int httpPort = Ports.free();
  final int imapPort = Ports.free();
  private final int smtpPort = Ports.free();
  private final int pop3Port = Ports.free();

  /** May be changed before a start. */
  int postgresPort = Ports.free();

  /** Options of the JVM; may be changed before a start. */
  String javaOptions = "";

  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  /** An HTTP answer. */
  record Reply(int status, JsonNode json) {}

  RetourProcess(Path dir) throws IOException {
    this.dir = dir;
    for (String folder : List.of("routes", "rules", "messages")) {
      copy(Path.of(folder), dir.resolve(folder));
    }
  }

  Process start(String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of("retour").toAbsolutePath().toString()));
    command.addAll(
        List.of(
            "up",
            "--config",
            dir.resolve("application.properties").toString(),
            "--data-dir",
            dir.resolve("data").toString(),
            "--http-port",
            Integer.toString(httpPort),
            "--postgres-port",
            Integer.toString(postgresPort),
            "--sandbox-smtp-port",
            Integer.toString(smtpPort),
            "--sandbox-imap-port",
            Integer.toString(imapPort),
            "--sandbox-pop3-port",
            Integer.toString(pop3Port)));
    set(command, "app.routes", dir.resolve("routes").toString());
    set(command, "qualification.rules", dir.resolve("rules/qualification").toString());
    set(
        command,
        "delivery.redelivery-rules",
        dir.resolve("rules/redelivery.rules.yaml").toString());
    set(command, "messages.folder", dir.resolve("messages").toString());
    set(command, "app.reload-interval", "200ms");
    set(command, "sandbox.slow-answer-after", "300ms");
    set(command, "sandbox.report-after", "100ms");
    set(command, "bounces.poll-cron", "* * * * * ?");
    command.addAll(List.of(more));
    ProcessBuilder builder = launcher(command);
    builder.redirectError(dir.resolve("log").toFile());
    process = builder.start();
    return process;
  }

  /** Another command beside it, as an operator types it; its exit code. */
  int command(String name, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of("retour").toAbsolutePath().toString());
    command.add(name);
    command.addAll(List.of("--config", dir.resolve("application.properties").toString()));
    command.addAll(List.of("--data-dir", dir.resolve("data").toString()));
    command.addAll(List.of("--postgres-port", Integer.toString(postgresPort)));
    command.addAll(List.of(words));
    return launcher(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("commands").toFile()))
        .start()
        .waitFor();
  }

  long pid() {
    return process.pid();
  }

  private ProcessBuilder launcher(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    // The tests' own build is running: the launcher must not start another, nor train an archive.
    builder.environment().put("RETOUR_JAVA_BUILD", "off");
    builder.environment().put("RETOUR_JAVA_CDS", "off");
    builder.environment().put("RETOUR_JAVA_OPTS", javaOptions);
    return builder;
  }

  /** Starts and waits for the last line of the greeting. */
  RetourProcess up(String... more) throws IOException, InterruptedException {
    Process started = start(more);
    CountDownLatch greeted = new CountDownLatch(1);
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader out = started.inputReader()) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                  if (line.startsWith("Stop with")) {
                    greeted.countDown();
                  }
                }
              } catch (IOException e) {
                // The process is gone; the wait below sees it.
              }
              greeted.countDown();
            });
    reader.setDaemon(true);
    reader.start();
    if (!greeted.await(90, TimeUnit.SECONDS) || !started.isAlive()) {
      throw new AssertionError("not up: " + Files.readString(dir.resolve("log")));
    }
    return this;
  }

  /** SIGKILL, to the JVM itself. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** SIGTERM; the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("does not stop");
    }
    return process.exitValue();
  }

  Reply get(String path) {
    return send(request(path).GET());
  }

  Reply post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** The sample of an event type with another recipient, about a document of its own. */
  String sampleTo(String type, String email) {
    ObjectNode body =
        ((ObjectNode) get("/api/v1/event-types/" + type + "/sample").json()).put("email", email);
    if (body.path("document") instanceof ObjectNode document) {
      document.put("id", "INV-" + UUID.randomUUID());
    }
    return body.toString();
  }

  /** All files the sink took, whole. */
  List<String> captured() throws IOException {
    List<String> mails = new ArrayList<>();
    try (Stream<Path> files = Files.list(dir.resolve("data/sandbox/captured"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".eml")).toList()) {
        mails.add(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
      }
    }
    return mails;
  }

  @Override
  public void close() {
    try {
      if (process != null && process.isAlive()) {
        stop();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
        .timeout(Duration.ofSeconds(30));
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String body = response.body();
      return new Reply(
          response.statusCode(),
          body.startsWith("{") ? JSON.readTree(body) : JSON.getNodeFactory().textNode(body));
    } catch (IOException e) {
      return new Reply(0, JSON.nullNode());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void set(List<String> command, String key, String value) {
    command.addAll(List.of("--set", key + "=" + value));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
