package dev.retour.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;

/**
 * An access token as its source gave it.
 *
 * @param validFor how long it may be used
 */
record FreshToken(String text, Duration validFor) {
  private static final Duration UNTOLD = Duration.ofMinutes(5);
  private static final Duration MOST = Duration.ofDays(1);
  private static final int CHARS_MAX = 16_384;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Where tokens come from, uncached. */
  interface Source {
    FreshToken fetch() throws IOException;
  }

  /**
   * Reads a bare token or the JSON of RFC 6749 section 5.1.
   *
   * @throws IOException without a word of the text: it may be a secret
   */
  static FreshToken read(String answer, String whose) throws IOException {
    String text = answer.strip();
    Duration validFor = UNTOLD;
    if (text.startsWith("{")) {
      JsonNode json = json(text, whose);
      text = json.path("access_token").asText("");
      long seconds = json.path("expires_in").asLong(UNTOLD.toSeconds());
      validFor = Duration.ofSeconds(Math.max(0, Math.min(seconds, MOST.toSeconds())));
    }
    boolean usable =
        !text.isEmpty()
            && text.length() <= CHARS_MAX
            && text.chars().allMatch(c -> c > ' ' && c < 127);
    if (!usable) {
      throw new IOException(whose + " gave no access token.");
    }
    return new FreshToken(text, validFor);
  }

  @Override
  public String toString() {
    return "token valid for " + validFor;
  }

  private static JsonNode json(String text, String whose) throws IOException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException(whose + " answered with broken JSON.", withoutText());
    }
  }

  /** Jackson's own message quotes the text. */
  private static IOException withoutText() {
    return new IOException("not JSON");
  }
}
