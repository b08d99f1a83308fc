package dev.retour.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Turns a YAML file into nodes that know their lines; what is wrong goes into a list of faults. */
public final class YamlFile {
  private static final long FILE_BYTES_MAX = 1_000_000;

  private YamlFile() {}

  /** The root of a file; nothing when the file is empty or, with a fault, cannot be read. */
  public static Optional<Node> read(Path path, List<FileFault> faults) {
    String file = path.toString();
    try {
      if (Files.size(path) <= FILE_BYTES_MAX) {
        return compose(file, new String(Files.readAllBytes(path), StandardCharsets.UTF_8), faults);
      }
      faults.add(new FileFault(file, 1, "The file is larger than " + FILE_BYTES_MAX + " bytes."));
    } catch (IOException e) {
      faults.add(new FileFault(file, 1, "The file cannot be read (" + e + ")."));
    }
    return Optional.empty();
  }

  /** The root of a text; nothing when it is empty or, with a fault, no YAML. */
  public static Optional<Node> compose(String file, String yaml, List<FileFault> faults) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      faults.add(new FileFault(file, line, "This is no YAML: " + e.getProblem() + "."));
    } catch (YamlEngineException e) {
      faults.add(new FileFault(file, 1, "This is no YAML: " + e.getMessage()));
    }
    return Optional.empty();
  }
}
