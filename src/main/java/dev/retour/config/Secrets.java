package dev.retour.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Passwords and key files that rules point to; none stands in a rule file itself. */
public final class Secrets {
  private final Path folder;
  private final Map<String, String> env;

  /**
   * Looks below a folder and in an environment.
   *
   * @param folder where the paths that rules name begin
   */
  public Secrets(Path folder, Map<String, String> env) {
    this.folder = folder;
    this.env = env;
  }

  /** Reads {@code <key>: {env: NAME}} or {@code <key>: {file: path}}; empty with a fault. */
  public Secret password(YamlFields rule, String key) {
    if (rule.has(key) && rule.isText(key)) {
      rule.faultAt(
          key,
          "A rule file holds no password: write \""
              + key
              + ": {env: NAME}\" or \""
              + key
              + ": {file: path}\".");
      return Secret.NONE;
    }
    YamlFields from = rule.child(key);
    if (from == null) {
      return Secret.NONE;
    }
    String name = from.text("env");
    String path = from.text("file");
    from.refuseUnknown();
    if ((name == null) == (path == null)) {
      from.fault("\"" + key + "\" needs either env or file.");
      return Secret.NONE;
    }
    if (name != null) {
      String value = env.getOrDefault(name, "");
      if (value.isEmpty()) {
        from.faultAt("env", "The environment has no variable " + name + ".");
      }
      return new Secret(value, null);
    }
    return content(from, folder.resolve(String.valueOf(path)));
  }

  /** A file that must be there. */
  public Path file(YamlFields rule, String key) {
    Path path = folder.resolve(rule.required(key));
    if (rule.has(key) && !Files.isReadable(path)) {
      rule.faultAt(key, "The file " + path + " cannot be read.");
    }
    return path;
  }

  private static Secret content(YamlFields from, Path path) {
    Optional<String> text = Secret.read(path);
    if (text.isEmpty()) {
      from.faultAt("file", "The file " + path + " cannot be read, or holds no password.");
    }
    return new Secret(text.orElse(""), path);
  }
}
