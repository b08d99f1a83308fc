package dev.retour.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The command line as a client of the running engine's HTTP interface. */
final class ApiClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;

  /** An answer of the engine. */
  record Reply(int status, JsonNode json) {}

  /** The engine of this configuration; one that listens everywhere is asked on loopback. */
  static ApiClient of(HttpConfig config) {
    return new ApiClient(
        config.host().equals("0.0.0.0") ? "127.0.0.1" : config.host(), config.port());
  }

  private ApiClient(String host, int port) {
    this.base = URI.create("http://" + host + ":" + port + "/");
  }

  Reply get(String path) {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  Reply post(String path, JsonNode body) {
    return send(
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), json(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("Interrupted.", e);
    } catch (IOException e) {
      throw new StartupException(
          "No Retour answers at " + base + "; start it with ./retour up (or name its --http-port).",
          e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new StartupException(
          "What answers there is not Retour: " + text.substring(0, Math.min(80, text.length())), e);
    }
  }
}
