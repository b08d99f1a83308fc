package dev.retour.console;

import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

/** The console's own words in one language, with times in one zone. */
final class Words {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final ResourceBundle bundle;
  private final Locale locale;
  private final ZoneId zone;
  private final Instant now;

  Words(Language language, ZoneId zone, Instant now) {
    this.locale = Locale.forLanguageTag(language.tag());
    this.bundle =
        ResourceBundle.getBundle(
            "dev.retour.console.words",
            locale,
            // Without it a German machine would answer an English browser in German.
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    this.zone = zone;
    this.now = now;
  }

  /** A phrase in English for programs and logs, with times as they are (ISO 8601). */
  static String english(Phrase phrase) {
    Words words = new Words(Language.ENGLISH, ZoneOffset.UTC, Instant.EPOCH);
    Object[] shown =
        phrase.arguments().stream()
            .map(
                argument ->
                    argument instanceof Instant instant
                        ? instant.toString()
                        : argument instanceof Phrase inner ? inner.english() : argument)
            .toArray();
    return words.format(phrase.key(), shown);
  }

  /**
   * A sentence of the console.
   *
   * @throws java.util.MissingResourceException when there is none of this key
   */
  String say(String key, List<?> arguments) {
    Object[] shown =
        arguments.stream()
            .map(
                argument ->
                    argument instanceof Instant instant
                        ? when(instant)
                        : argument instanceof Phrase inner ? say(inner) : argument)
            .toArray();
    return format(key, shown);
  }

  private String say(Phrase phrase) {
    return say(phrase.key(), phrase.arguments());
  }

  private String format(String key, Object[] shown) {
    return new MessageFormat(bundle.getString(key), locale).format(shown);
  }

  /** The word for a state, kind or code; the code itself where the console has no word for it. */
  String word(String kind, String code) {
    String key = kind + "." + code;
    return bundle.containsKey(key) ? bundle.getString(key) : code;
  }

  /** The time of day; with the day when it is not today. */
  String when(Instant instant) {
    ZonedDateTime time = instant.atZone(zone);
    boolean today = time.toLocalDate().equals(now.atZone(zone).toLocalDate());
    return (today ? CLOCK : DAY).format(time);
  }
}
