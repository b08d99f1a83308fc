package dev.retour.erp;

import dev.retour.delivery.Callback;
import dev.retour.erp.CallbackAnswer.Accepted;
import dev.retour.erp.CallbackAnswer.Refused;
import dev.retour.erp.CallbackAnswer.TryLater;
import dev.retour.erp.CallbackAnswer.Unwanted;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells one fact by HTTP POST. The address is that of the settings, whatever anybody answers: no
 * redirect is followed. Whatever the other side does, this ends within the time-outs and reads no
 * more than a few KB.
 */
final class CallbackSender {
  private static final int ANSWER_BYTES_MAX = 4_096;
  private static final int TEXT_CHARS_MAX = 500;
  private static final int RETRY_AFTER_CHARS_MAX = 40;
  private static final int GONE = 410;

  /** 4xx that say "not now". */
  private static final Set<Integer> NOT_NOW = Set.of(408, 425, 429);

  /** The ERP does not believe that it is us: its secret, or ours, is another one. */
  private static final Set<Integer> NOT_BELIEVED = Set.of(401, 403);

  private final CallbackConfig config;
  private final RotatingSecrets secrets;
  private final InstantSource realTime;
  private final HttpClient http;

  /**
   * A sender.
   *
   * @param realTime receivers compare the time of an attempt with their own clock
   */
  CallbackSender(CallbackConfig config, RotatingSecrets secrets, InstantSource realTime) {
    this.config = config;
    this.secrets = secrets;
    this.realTime = realTime;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connect())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /** Once; a second time when the ERP refused the signature and there are other secrets by now. */
  CallbackAnswer send(Callback callback) {
    CallbackSecrets known = secrets.current();
    CallbackAnswer answer = send(callback, known);
    if (answer instanceof TryLater later && later.isNotBelieved()) {
      CallbackSecrets now = secrets.after(known);
      return now.equals(known) ? answer : send(callback, now);
    }
    return answer;
  }

  private CallbackAnswer send(Callback callback, CallbackSecrets signing) {
    byte[] body = CallbackBody.of(callback);
    String id = callback.fact().id().toString();
    Instant now = realTime.instant();
    HttpRequest request =
        HttpRequest.newBuilder(config.url().orElseThrow())
            .timeout(config.connect().plus(config.answer()))
            .header("Content-Type", "application/json")
            .header("User-Agent", "Retour")
            .header("webhook-id", id)
            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
            .header("webhook-signature", signing.sign(id, now, body))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      // A second bound: the request's own is the client's business, this one is ours.
      Duration patience = config.connect().plus(config.answer()).plusSeconds(1);
      return read(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      return new TryLater("No answer: " + shown(String.valueOf(e.getCause())), null);
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new TryLater("No answer in time.", null);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new TryLater("Interrupted, this process ends.", null);
    }
  }

  private CallbackAnswer read(HttpResponse<InputStream> response) {
    int status = response.statusCode();
    String said = said(response.body());
    String text = "HTTP " + status + (said.isEmpty() ? "" : ": " + said);
    if (status >= 200 && status < 300) {
      return new Accepted(text);
    }
    if (status == GONE) {
      return new Unwanted("The ERP does not want to know, " + text);
    }
    if (NOT_BELIEVED.contains(status)) {
      return new TryLater(
          "The ERP does not accept our signature, "
              + text
              + ". Compare "
              + CallbackConfig.SECRETS.key()
              + " with the secret of the ERP.",
          null,
          true);
    }
    if (status >= 400 && status < 500 && !NOT_NOW.contains(status)) {
      return new Refused("The ERP refused it, " + text);
    }
    Duration wait = response.headers().firstValue("Retry-After").map(this::retryAfter).orElse(null);
    return new TryLater(
        "The ERP cannot take it now, "
            + text
            + (status >= 300 && status < 400 ? " (redirects are not followed)" : ""),
        wait);
  }

  /** The first few KB; that the rest is missing, or never comes, changes nothing. */
  private String said(InputStream body) {
    // The request's own time-out ends with the header fields; a body may drip for ever.
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> close(body),
            CompletableFuture.delayedExecutor(config.answer().toMillis(), TimeUnit.MILLISECONDS));
    try (body) {
      return shown(new String(body.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return "";
    } finally {
      end.cancel(false);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Whoever still reads it is told.
    }
  }

  /** Seconds or a date (RFC 9110 section 10.2.3); null when it is neither. */
  private @Nullable Duration retryAfter(String field) {
    String text = field.strip();
    if (text.length() > RETRY_AFTER_CHARS_MAX) {
      return null;
    }
    Duration wait;
    if (text.matches("[0-9]{1,9}")) {
      wait = Duration.ofSeconds(Long.parseLong(text));
    } else {
      try {
        wait =
            Duration.between(
                realTime.instant(),
                ZonedDateTime.parse(
                        text, DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
                    .toInstant());
      } catch (DateTimeException e) {
        return null;
      }
    }
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(config.retryAfterMax()) > 0 ? config.retryAfterMax() : wait;
  }

  /** On one line, without what would steer a terminal or turn the direction of writing. */
  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    int[] letters = text.codePoints().limit(TEXT_CHARS_MAX).toArray();
    for (int letter : letters) {
      int type = Character.getType(letter);
      boolean harmless =
          !Character.isISOControl(letter)
              && type != Character.FORMAT
              && type != Character.LINE_SEPARATOR
              && type != Character.PARAGRAPH_SEPARATOR
              && type != Character.SURROGATE
              && type != Character.UNASSIGNED;
      shown.appendCodePoint(harmless ? letter : ' ');
    }
    return shown.toString().strip();
  }
}
