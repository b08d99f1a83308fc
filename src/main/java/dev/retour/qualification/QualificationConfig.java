package dev.retour.qualification;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the room.
 *
 * @param rules folder of the rule files
 * @param textCharsMax characters of a failure text that are matched; the rest is not read
 * @param forgetAfter how long a kind of text nobody classified stays in the table unsaid
 */
public record QualificationConfig(Path rules, int textCharsMax, Duration forgetAfter) {
  static final int TEXT_CHARS_MAX_DEFAULT = 2_000;

  static final Setting<Path> RULES =
      Setting.path(
          "qualification.rules",
          "rules/qualification",
          "Folder of the rule files that say what a failure text means.");
  static final Setting<Integer> TEXT_CHARS_MAX =
      Setting.number(
          "qualification.text-chars-max",
          TEXT_CHARS_MAX_DEFAULT,
          200,
          100_000,
          "characters",
          "How much of a failure text is matched; the rest is not read.");

  static final Setting<Duration> FORGET_AFTER =
      Setting.duration(
          "qualification.forget-after",
          "365d",
          "A kind of failure text that nobody classified and that was not met for so long leaves the"
              + " qualification table.");

  /** All settings of the room, for the documentation. */
  public static final List<Setting<?>> SETTINGS = List.of(RULES, TEXT_CHARS_MAX, FORGET_AFTER);

  public QualificationConfig {
    if (textCharsMax < 200) {
      throw new ConfigException(TEXT_CHARS_MAX.key(), textCharsMax, "must be at least 200");
    }
  }

  /** Reads and checks the settings. */
  public static QualificationConfig from(Settings settings) {
    return new QualificationConfig(
        settings.get(RULES), settings.get(TEXT_CHARS_MAX), settings.get(FORGET_AFTER));
  }
}
