package dev.retour.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A token endpoint asked with client credentials (RFC 6749 section 4.4). Never follows a redirect:
 * the secret goes where the settings say.
 */
final class TokenEndpoint implements FreshToken.Source {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ANSWER_BYTES_MAX = 65_536;
  private static final int OK = 200;

  private final RelayLoginConfig.Client client;
  private final HttpClient http;

  TokenEndpoint(RelayLoginConfig.Client client) {
    this(
        client,
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build());
  }

  TokenEndpoint(RelayLoginConfig.Client client, HttpClient http) {
    this.client = client;
    this.http = http;
  }

  @Override
  public FreshToken fetch() throws IOException {
    String form =
        "grant_type=client_credentials"
            + field("client_id", client.id())
            + field("client_secret", client.secret())
            + (client.scope().isEmpty() ? "" : field("scope", client.scope()));
    HttpRequest request =
        HttpRequest.newBuilder(client.tokenUrl())
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(form))
            .build();
    try {
      HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        // The request's own time-out ends with the headers; a body may drip for ever.
        CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> close(body));
        if (answer.statusCode() != OK) {
          throw new IOException(name() + " answered " + answer.statusCode() + ".");
        }
        byte[] bytes = body.readNBytes(ANSWER_BYTES_MAX);
        return FreshToken.read(new String(bytes, StandardCharsets.UTF_8), name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(name() + " was interrupted.", e);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Whoever still reads it is told.
    }
  }

  private String name() {
    return "The token endpoint " + client.tokenUrl().getHost();
  }

  private static String field(String name, String value) {
    return "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
