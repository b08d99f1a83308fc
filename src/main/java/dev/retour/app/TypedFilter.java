package dev.retour.app;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The filters of a command as they were typed; what was not given is left out. */
final class TypedFilter {
  private final Map<String, String> given = new HashMap<>();

  TypedFilter put(String name, @Nullable String value) {
    if (value != null) {
      given.put(name, value);
    }
    return this;
  }

  /**
   * A point in time, such as 10:00 (today), 2026-03-01T10:00 (here) or 2026-03-01T10:00:00Z.
   *
   * @throws StartupException with one sentence when it is none
   */
  TypedFilter time(String name, @Nullable String text) {
    return text == null
        ? this
        : put(
            name,
            checked(
                () ->
                    QuarantineCommand.time(
                            text, InstantSource.system().instant(), ZoneId.systemDefault())
                        .toString()));
  }

  /**
   * What they mean.
   *
   * @throws StartupException with one sentence when they cannot be read
   */
  <T> T read(Function<Map<String, String>, T> reader) {
    return checked(() -> reader.apply(given));
  }

  private static <T> T checked(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new StartupException(Operator.shown(e.getMessage()), e);
    }
  }
}
