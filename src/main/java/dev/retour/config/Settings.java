package dev.retour.config;

import java.util.Map;
import java.util.Optional;

/**
 * The configuration as found: raw texts from flags, environment and files, already merged by
 * precedence. Immutable.
 */
public final class Settings {
  private final Map<String, String> texts;

  private Settings(Map<String, String> texts) {
    this.texts = Map.copyOf(texts);
  }

  /**
   * Wraps values that are already merged by precedence.
   *
   * @param texts the merged values by key; keys that are absent take the default of their setting
   */
  public static Settings of(Map<String, String> texts) {
    return new Settings(texts);
  }

  /**
   * The value in force.
   *
   * @throws ConfigException when the text cannot be parsed
   */
  public <T> T get(Setting<T> setting) {
    String text = text(setting);
    try {
      return setting.parser().apply(text);
    } catch (IllegalArgumentException e) {
      ConfigException fault =
          new ConfigException(
              setting.key(), setting.secret() ? "***" : text, String.valueOf(e.getMessage()));
      fault.initCause(e);
      throw fault;
    }
  }

  /** The value in force, or nothing when the setting is left empty. */
  public <T> Optional<T> find(Setting<T> setting) {
    return text(setting).isBlank() ? Optional.empty() : Optional.of(get(setting));
  }

  /** The text in force, before parsing. */
  public String text(Setting<?> setting) {
    return texts.getOrDefault(setting.key(), setting.defaultText());
  }

  /** All texts that differ from "not given", by key. */
  public Map<String, String> given() {
    return texts;
  }
}
