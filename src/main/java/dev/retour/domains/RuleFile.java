package dev.retour.domains;

import dev.retour.qualification.RuleFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML list of rules, as read; collects the faults of all of them. */
final class RuleFile {
  private static final long FILE_BYTES_MAX = 1_000_000;
  private static final int RULES_MAX = 5_000;

  private final String name;
  private final List<RuleFault> faults = new ArrayList<>();
  private final List<RuleFields> rules = new ArrayList<>();

  private RuleFile(String name) {
    this.name = name;
  }

  static RuleFile read(Path path) {
    RuleFile file = new RuleFile(path.toString());
    try {
      if (Files.size(path) > FILE_BYTES_MAX) {
        file.fault(0, "The file is larger than " + FILE_BYTES_MAX + " bytes.");
      } else {
        file.parse(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      file.fault(0, "The file cannot be read (" + e + ").");
    }
    return file;
  }

  /** One after the other, in the order of the file. */
  List<RuleFields> rules() {
    return rules;
  }

  void fault(int line, String text) {
    faults.add(new RuleFault(name, line, text));
  }

  /**
   * Ends the reading.
   *
   * @throws DomainRulesException with all faults found so far, if there are any
   */
  void refuseFaults() {
    if (!faults.isEmpty()) {
      faults.sort(Comparator.comparingInt(RuleFault::line));
      throw new DomainRulesException(faults);
    }
  }

  private void parse(String yaml) {
    Optional<Node> root = compose(yaml);
    if (root.isEmpty()) {
      if (faults.isEmpty()) {
        fault(0, "The file has no rule; it needs at least one for \"*\".");
      }
      return;
    }
    if (!(root.get() instanceof SequenceNode list) || list.getValue().size() > RULES_MAX) {
      fault(
          RuleFields.line(root.get()), "A rule file is a list of at most " + RULES_MAX + " rules.");
      return;
    }
    for (Node entry : list.getValue()) {
      if (entry instanceof MappingNode mapping) {
        rules.add(new RuleFields(name, mapping, faults));
      } else {
        fault(RuleFields.line(entry), "A rule is a mapping of keys and values.");
      }
    }
  }

  private Optional<Node> compose(String yaml) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(name)
            .setUseMarks(true)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      fault(line, "This is no YAML: " + e.getProblem() + ".");
    } catch (YamlEngineException e) {
      fault(0, "This is no YAML: " + e.getMessage());
    }
    return Optional.empty();
  }
}
