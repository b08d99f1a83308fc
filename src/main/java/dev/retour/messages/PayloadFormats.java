package dev.retour.messages;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the formats a JSON Schema can only name. Nothing means: not of this format. */
final class PayloadFormats {
  static final String DATE_TIME =
      "A time of ISO 8601 with offset, for instance 2026-11-21T08:30:00+01:00; the letter T may be"
          + " a space.";
  static final String DATE = "a date such as 2026-11-21";
  private static final int YEAR_MIN = 1000;
  private static final int YEAR_MAX = 9999;

  private PayloadFormats() {}

  /**
   * A point in time. The offset is required: a guess would send mails hours too early or too late.
   */
  static Optional<Instant> instant(String text) {
    if (text.length() < 11) {
      return Optional.empty(); // most events leave it out, and an exception is dear
    }
    String iso = text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
    try {
      OffsetDateTime time = OffsetDateTime.parse(iso.toUpperCase(Locale.ROOT));
      return time.getYear() >= YEAR_MIN && time.getYear() <= YEAR_MAX
          ? Optional.of(time.toInstant())
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  static Optional<LocalDate> date(String text) {
    try {
      LocalDate date = LocalDate.parse(text);
      return date.getYear() >= YEAR_MIN && date.getYear() <= YEAR_MAX
          ? Optional.of(date)
          : Optional.empty();
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** An absolute http or https address whose host lies in one of the domains, if there are any. */
  static boolean isUrl(String text, List<String> domains) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
      boolean web = scheme.equals("https") || scheme.equals("http");
      if (!web || host.isEmpty() || uri.getRawUserInfo() != null) {
        return false;
      }
      return domains.isEmpty()
          || domains.stream()
              .map(domain -> domain.toLowerCase(Locale.ROOT))
              .anyMatch(domain -> host.equals(domain) || host.endsWith("." + domain));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static boolean isCurrency(String text) {
    try {
      return Currency.getInstance(text).getDefaultFractionDigits() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  static Optional<byte[]> base64(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A value as a person would quote it. */
  static String quote(JsonNode value) {
    if (value.isTextual()) {
      return "\"" + value.textValue() + "\"";
    }
    if (value.isContainerNode()) {
      return value.isArray() ? "a list" : "an object";
    }
    return value.asText();
  }
}
