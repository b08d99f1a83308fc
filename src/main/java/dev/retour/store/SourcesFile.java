package dev.retour.store;

import dev.retour.config.FileFault;
import dev.retour.config.Secret;
import dev.retour.config.Secrets;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code sources.yaml}, a list of databases messages and rules may ask. */
public final class SourcesFile {
  public static final Setting<Path> FILE =
      Setting.path(
          "store.sources",
          "rules/sources.yaml",
          "File of the other databases that messages and rules may read; it may be missing.");
  public static final List<Setting<?>> SETTINGS = List.of(FILE);

  private static final int SOURCES_MAX = 50;
  private static final int ID_CHARS_MAX = 30;

  private final Secrets secrets;
  private final List<FileFault> faults;
  private final Set<String> ids = new HashSet<>();

  private SourcesFile(Secrets secrets, List<FileFault> faults) {
    this.secrets = secrets;
    this.faults = faults;
  }

  /** Where the file is. */
  public static Path of(Settings settings) {
    return settings.get(FILE);
  }

  /**
   * The sources of a file; none when there is no file.
   *
   * @param env for passwords
   * @param faults gets every fault; what is returned is complete only when there is none
   */
  public static List<SourceConfig> read(
      Path file, Map<String, String> env, List<FileFault> faults) {
    if (!Files.exists(file)) {
      return List.of();
    }
    Optional<Node> root = YamlFile.read(file, faults);
    if (root.isEmpty()) {
      return List.of();
    }
    Path folder = file.toAbsolutePath().getParent();
    Secrets secrets = new Secrets(folder == null ? Path.of("") : folder, env);
    return new SourcesFile(secrets, faults).list(file.toString(), root.get());
  }

  private List<SourceConfig> list(String file, Node root) {
    List<SourceConfig> sources = new ArrayList<>();
    if (!(root instanceof SequenceNode list) || list.getValue().size() > SOURCES_MAX) {
      String text = "This file is a list of at most " + SOURCES_MAX + " sources (\"- id: …\").";
      faults.add(new FileFault(file, YamlFields.line(root), text));
      return sources;
    }
    for (Node entry : list.getValue()) {
      if (entry instanceof MappingNode mapping) {
        sources.add(source(new YamlFields(file, mapping, faults)));
      } else {
        String text = "A source is a mapping of keys and values.";
        faults.add(new FileFault(file, YamlFields.line(entry), text));
      }
    }
    return sources;
  }

  private SourceConfig source(YamlFields entry) {
    String id = id(entry);
    String url = url(entry);
    String user = entry.text("user", "");
    Secret password = secrets.password(entry, "password");
    Duration given = entry.duration("timeout");
    Duration timeout = given == null ? SourceConfig.TIMEOUT_DEFAULT : given;
    if (timeout.compareTo(SourceConfig.TIMEOUT_MIN) < 0
        || timeout.compareTo(SourceConfig.TIMEOUT_MAX) > 0) {
      entry.faultAt("timeout", "\"timeout\" must be 250ms to 20s: mails wait for the answer.");
    }
    SourceConfig source =
        new SourceConfig(
            id,
            url,
            user,
            password,
            timeout,
            entry.number("connections", 1, 50, SourceConfig.CONNECTIONS_DEFAULT),
            entry.number("rowsMax", 1, 100_000, SourceConfig.ROWS_MAX_DEFAULT),
            entry.number("bytesMax", 1_000, 200_000_000, SourceConfig.BYTES_MAX_DEFAULT));
    entry.refuseUnknown();
    return source;
  }

  private String id(YamlFields entry) {
    String id = entry.required("id");
    boolean right =
        id.length() <= ID_CHARS_MAX
            && id.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-'));
    if (!right) {
      entry.faultAt(
          "id", "An id has letters, digits and -, at most " + ID_CHARS_MAX + " characters.");
    } else if (id.equals(SourceConfig.ERP)) {
      entry.faultAt("id", "The source erp is the database of erp.jdbc-url; take another id.");
    } else if (!id.isEmpty() && !ids.add(id)) {
      entry.faultAt("id", "The source \"" + id + "\" is given twice.");
    }
    return id;
  }

  private static String url(YamlFields entry) {
    String url = entry.required("jdbcUrl");
    if (url.isEmpty()) {
      return url;
    }
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.contains("password=")) {
      entry.faultAt("jdbcUrl", "A URL holds no password: write \"password: {env: NAME}\".");
    }
    if (lower.contains("readonlymode") || lower.contains("allowmultiqueries")) {
      entry.faultAt("jdbcUrl", "A source is only read, one statement at a time; leave that out.");
    }
    try {
      DriverManager.getDriver(url);
    } catch (SQLException e) {
      entry.faultAt(
          "jdbcUrl",
          "No driver knows this URL; it begins as jdbc:postgresql://host/database, and a driver of"
              + " another database has to be on the class path.");
    }
    return url;
  }
}
