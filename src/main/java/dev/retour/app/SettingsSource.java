package dev.retour.app;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.delivery.RelayLoginConfig;
import dev.retour.erp.CallbackSecrets;
import dev.retour.sandbox.SandboxConfig;
import dev.retour.store.StoreConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Merges flags, environment and {@code application.properties}, and knows where a value is from.
 */
final class SettingsSource {
  private static final String PREFIX = "RETOUR_";
  private static final String CAMEL = "camel.";

  private final Settings settings;
  private final Map<String, String> origins;
  private final Map<String, String> camel;

  private final Path file;
  private final Supplier<SettingsSource> again;

  private SettingsSource(
      Path file,
      Settings settings,
      Map<String, String> origins,
      Map<String, String> camel,
      Supplier<SettingsSource> again) {
    this.file = file;
    this.again = again;
    this.settings = settings;
    this.origins = origins;
    this.camel = camel;
  }

  /**
   * Reads everything once.
   *
   * @param file {@code application.properties}; need not exist
   * @param flags values from the command line by key
   * @throws ConfigException when a key is unknown or the file cannot be read
   */
  static SettingsSource read(Path file, Map<String, String> flags, Map<String, String> env) {
    Map<String, String> texts = new HashMap<>();
    Map<String, String> origins = new HashMap<>();
    Map<String, String> camel = new LinkedHashMap<>();
    Properties properties = load(file);
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      if (key.startsWith(CAMEL)) {
        camel.put(key, properties.getProperty(key));
      } else {
        texts.put(known(key, "in " + file), properties.getProperty(key));
        origins.put(key, file.getFileName().toString());
      }
    }
    for (Setting<?> setting : SettingsCatalog.all()) {
      String value = env.get(setting.environmentVariable());
      if (value != null) {
        texts.put(setting.key(), value);
        origins.put(setting.key(), setting.environmentVariable());
      }
    }
    refuseUnknownVariables(env);
    flags.forEach(
        (key, value) -> {
          texts.put(known(key, "on the command line"), value);
          origins.put(key, "command line");
        });
    followDataDir(texts, origins);
    return new SettingsSource(
        file, Settings.of(belowHome(texts)), origins, camel, () -> read(file, flags, env));
  }

  /**
   * What the password for SMTP is now: the file may have been repaired. Nothing when the settings
   * as they stand cannot be read; then what was known stays.
   */
  Optional<String> smtpPassword() {
    try {
      return Optional.of(RelayLoginConfig.password(again.get().settings()));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  /**
   * The secrets callbacks are signed with, as they stand now.
   *
   * @throws ConfigException when the settings, or their file, cannot be read
   */
  CallbackSecrets callbackSecrets() {
    return CallbackSecrets.from(again.get().settings());
  }

  /** {@code application.properties}, whether it is there or not. */
  Path file() {
    return file;
  }

  Settings settings() {
    return settings;
  }

  /** Settings of Camel itself, handed through unread. */
  Map<String, String> camel() {
    return camel;
  }

  /** Where the value in force is from: command line, a variable, the file, or nothing (default). */
  Optional<String> origin(Setting<?> setting) {
    return Optional.ofNullable(origins.get(setting.key()));
  }

  /** One folder for all data: who moves it moves the sandbox's mail with it. */
  private static void followDataDir(Map<String, String> texts, Map<String, String> origins) {
    String moved = StoreConfig.DATA_DIR.key();
    if (texts.containsKey(moved) && !texts.containsKey(SandboxConfig.DIR.key())) {
      texts.put(SandboxConfig.DIR.key(), Path.of(texts.get(moved), "sandbox").toString());
      origins.put(SandboxConfig.DIR.key(), origins.get(moved));
    }
  }

  /** Relative paths are below the installation, wherever the command was called from. */
  private static Map<String, String> belowHome(Map<String, String> texts) {
    Path home = Path.of(System.getProperty("retour.home", ""));
    for (Setting<?> setting : SettingsCatalog.all()) {
      if (setting.unit().equals("path")) {
        String text = texts.getOrDefault(setting.key(), setting.defaultText());
        if (!text.isEmpty()) { // empty: there is none
          texts.put(setting.key(), home.resolve(text).toString());
        }
      }
    }
    return texts;
  }

  private static Properties load(Path file) {
    Properties properties = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        ConfigException fault =
            new ConfigException("application.properties", file, "cannot be read: " + e);
        fault.initCause(e);
        throw fault;
      }
    }
    return properties;
  }

  private static String known(String key, String where) {
    List<Setting<?>> all = SettingsCatalog.all();
    if (all.stream().noneMatch(setting -> setting.key().equals(key))) {
      throw new ConfigException(
          key, where, "is not known; ./retour config lists all keys" + nearest(key));
    }
    return key;
  }

  private static void refuseUnknownVariables(Map<String, String> env) {
    for (String name : env.keySet()) {
      if (name.startsWith(PREFIX)
          && !name.startsWith("RETOUR_JAVA_")
          && !name.equals("RETOUR_HOME")
          && SettingsCatalog.all().stream()
              .noneMatch(setting -> setting.environmentVariable().equals(name))) {
        throw new ConfigException(
            name, "in the environment", "is not known; ./retour config lists all variables");
      }
    }
  }

  private static String nearest(String key) {
    String tail = key.substring(key.lastIndexOf('.') + 1);
    return SettingsCatalog.all().stream()
        .map(Setting::key)
        .filter(candidate -> candidate.endsWith(tail))
        .findFirst()
        .map(candidate -> ", perhaps " + candidate + " is meant")
        .orElse("");
  }
}
