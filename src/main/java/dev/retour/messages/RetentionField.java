package dev.retour.messages;

import dev.retour.config.YamlFields;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads {@code retention: 60d}: how long settled events of a type are kept (spec C2, C10). */
final class RetentionField {
  private static final Duration LEAST = Duration.ofDays(1);
  private static final Duration MOST = Duration.ofDays(36_500);

  private RetentionField() {}

  /** Null: as the settings say. */
  static @Nullable Duration parse(YamlFields root) {
    Duration retention = root.duration("retention");
    if (retention != null && (retention.compareTo(LEAST) < 0 || retention.compareTo(MOST) > 0)) {
      root.faultAt("retention", "\"retention\" is at least 1d and at most 36500d.");
    }
    return retention;
  }
}
