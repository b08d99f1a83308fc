package dev.retour.events;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the file that says from which folders and tables events may name files. */
final class ReferenceRules {
  private static final int ID_CHARS_MAX = 40;
  private static final String KEY = ":key";

  private final Path file;
  private final FileTables tables;
  private final List<FileFault> faults = new ArrayList<>();

  ReferenceRules(Path file, FileTables tables) {
    this.file = file;
    this.tables = tables;
  }

  /**
   * The stores in the order of the file.
   *
   * @throws ReferenceRulesException with every fault
   */
  List<FileStore> read() {
    List<FileStore> stores = new ArrayList<>();
    Node root = Files.exists(file) ? YamlFile.read(file, faults).orElse(null) : null;
    if (root instanceof MappingNode mapping) {
      YamlFields fields = new YamlFields(file.toString(), mapping, faults);
      Set<String> ids = new HashSet<>();
      for (YamlFields entry : fields.children("stores")) {
        FileStore store = store(entry, ids);
        if (store != null) {
          stores.add(store);
        }
      }
      fields.refuseUnknown();
    } else if (root != null) {
      faults.add(new FileFault(file.toString(), 1, "This file begins with \"stores:\"."));
    }
    if (!faults.isEmpty()) {
      throw new ReferenceRulesException(faults);
    }
    return stores;
  }

  private @Nullable FileStore store(YamlFields entry, Set<String> ids) {
    String id = entry.required("id");
    if (!isId(id)) {
      entry.faultAt("id", "\"id\" must be letters, digits, - and _, at most 40.");
    } else if (!ids.add(id)) {
      entry.faultAt("id", "The store " + id + " is defined twice.");
    }
    String folder = entry.text("folder");
    String source = entry.text("source");
    String sql = entry.text("sql");
    entry.refuseUnknown();
    if ((folder == null) == (source == null) || (source == null) != (sql == null)) {
      entry.fault("A store has either \"folder\", or \"source\" and \"sql\".");
      return null;
    }
    return folder == null
        ? table(entry, id, String.valueOf(source), String.valueOf(sql))
        : folder(entry, id, folder);
  }

  private static @Nullable FileStore folder(YamlFields entry, String id, String folder) {
    try {
      Path path = Path.of(folder).toAbsolutePath().normalize();
      if (path.getNameCount() == 0) {
        entry.faultAt("folder", "The whole file system is no store.");
        return null;
      }
      return new FolderStore(id, path);
    } catch (InvalidPathException e) {
      entry.faultAt("folder", "\"" + folder + "\" is no path.");
      return null;
    }
  }

  private FileStore table(YamlFields entry, String id, String source, String sql) {
    int first = sql.indexOf(KEY);
    if (first < 0 || sql.indexOf(KEY, first + 1) >= 0) {
      entry.faultAt("sql", "\"sql\" names " + KEY + " exactly once.");
    }
    tables.fault(sql).ifPresent(fault -> entry.faultAt("sql", fault));
    return new TableStore(id, source, sql, tables);
  }

  private static boolean isId(String id) {
    return id.length() <= ID_CHARS_MAX
        && id.chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
  }
}
