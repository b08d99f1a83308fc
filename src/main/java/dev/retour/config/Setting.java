package dev.retour.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;

/**
 * One configuration key: its default, unit, meaning and parser.
 *
 * <p>A value is taken, in this order, from a command-line flag, the environment variable {@link
 * #environmentVariable()}, {@code application.properties}, and {@link #defaultText()}.
 *
 * @param <T> the type of the parsed value
 * @param key dotted lower-case key, {@code <room>.<thing>}
 * @param defaultText the default as it would be written in {@code application.properties}; empty
 *     text means "not set"
 * @param unit what the number or text counts, for the documentation ({@code port}, {@code
 *     duration}, {@code bytes} …)
 * @param description one sentence for the person who edits it
 * @param secret whether the value must be masked wherever it is shown
 * @param parser turns the text into the value; throws {@link IllegalArgumentException} with the
 *     expectation ("must be …")
 */
public record Setting<T>(
    String key,
    String defaultText,
    String unit,
    String description,
    boolean secret,
    Function<String, T> parser) {

  /** {@code delivery.smtp.host} is read from {@code RETOUR_DELIVERY_SMTP_HOST}. */
  public String environmentVariable() {
    return "RETOUR_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  public static Setting<String> text(String key, String byDefault, String description) {
    return new Setting<>(key, byDefault, "text", description, false, String::strip);
  }

  /** Text that is masked wherever it is shown. */
  public static Setting<String> secret(String key, String byDefault, String description) {
    return new Setting<>(key, byDefault, "secret", description, true, Function.identity());
  }

  public static Setting<Path> path(String key, String byDefault, String description) {
    return new Setting<>(key, byDefault, "path", description, false, Path::of);
  }

  public static Setting<Boolean> flag(String key, boolean byDefault, String description) {
    return new Setting<>(
        key, Boolean.toString(byDefault), "true or false", description, false, Setting::parseFlag);
  }

  /** A TCP port, 1 to 65535. */
  public static Setting<Integer> port(String key, int byDefault, String description) {
    return new Setting<>(
        key,
        Integer.toString(byDefault),
        "port",
        description,
        false,
        text -> parseNumber(text, 1, 65_535));
  }

  /** A whole number between {@code least} and {@code most}, both allowed. */
  public static Setting<Integer> number(
      String key, int byDefault, int least, int most, String unit, String description) {
    return new Setting<>(
        key,
        Integer.toString(byDefault),
        unit,
        description,
        false,
        text -> parseNumber(text, least, most));
  }

  /** A length of time such as {@code 500ms}, {@code 30s}, {@code 5m}, {@code 3h}, {@code 5d}. */
  public static Setting<Duration> duration(String key, String byDefault, String description) {
    return new Setting<>(key, byDefault, "duration", description, false, Setting::parseDuration);
  }

  /** One of the constants of an enumeration, written in lower case. */
  public static <E extends Enum<E>> Setting<E> choice(String key, E byDefault, String description) {
    Class<E> type = byDefault.getDeclaringClass();
    return new Setting<>(
        key,
        byDefault.name().toLowerCase(Locale.ROOT),
        "choice",
        description,
        false,
        text -> parseChoice(text, type));
  }

  /**
   * Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 3h} or {@code 5d}.
   *
   * @throws IllegalArgumentException with the expectation when the text is something else
   */
  public static Duration parseDuration(String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < trimmed.length() && Character.isDigit(trimmed.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits > 12) {
      throw new IllegalArgumentException("must be a length of time such as 500ms, 30s, 5m, 3h, 5d");
    }
    long amount = Long.parseLong(trimmed.substring(0, digits));
    return switch (trimmed.substring(digits).strip()) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default ->
          throw new IllegalArgumentException(
              "must be a length of time such as 500ms, 30s, 5m, 3h, 5d");
    };
  }

  private static Boolean parseFlag(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private static Integer parseNumber(String text, int least, int most) {
    String expected = "must be a whole number from " + least + " to " + most;
    int value;
    try {
      value = Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
    if (value < least || value > most) {
      throw new IllegalArgumentException(expected);
    }
    return value;
  }

  private static <E extends Enum<E>> E parseChoice(String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equalsIgnoreCase(text.strip())) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "must be one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT));
  }
}
