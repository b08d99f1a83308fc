package dev.retour.config;

/**
 * A setting whose value cannot be used. The message is one sentence for the person who edits the
 * configuration: it names the key, what was found and what is expected. A secret's value is never
 * part of it.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;

  /**
   * Refuses one value.
   *
   * @param key the setting at fault, for instance {@code delivery.lease}
   * @param found the value found, as text; pass {@code "***"} for a secret
   * @param expected what would be right, continuing the sentence "must …"
   */
  public ConfigException(String key, Object found, String expected) {
    super("Setting " + key + " = \"" + found + "\" " + expected + ".");
    this.key = key;
  }

  public String key() {
    return key;
  }
}
