package dev.retour.domains;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML list of rules, as read; collects the faults of all of them. */
final class RuleFile {
  private static final int RULES_MAX = 5_000;

  private final String name;
  private final List<FileFault> faults = new ArrayList<>();
  private final List<YamlFields> rules = new ArrayList<>();

  private RuleFile(String name) {
    this.name = name;
  }

  static RuleFile read(Path path) {
    RuleFile file = new RuleFile(path.toString());
    Optional<Node> root = YamlFile.read(path, file.faults);
    if (root.isPresent()) {
      file.list(root.get());
    } else if (file.faults.isEmpty()) {
      file.fault(0, "The file has no rule; it needs at least one for \"*\".");
    }
    return file;
  }

  /** One after the other, in the order of the file. */
  List<YamlFields> rules() {
    return rules;
  }

  void fault(int line, String text) {
    faults.add(new FileFault(name, line, text));
  }

  /**
   * Ends the reading.
   *
   * @throws DomainRulesException with all faults found so far, if there are any
   */
  void refuseFaults() {
    if (!faults.isEmpty()) {
      faults.sort(Comparator.comparingInt(FileFault::line));
      throw new DomainRulesException(faults);
    }
  }

  private void list(Node root) {
    if (!(root instanceof SequenceNode list) || list.getValue().size() > RULES_MAX) {
      fault(YamlFields.line(root), "A rule file is a list of at most " + RULES_MAX + " rules.");
      return;
    }
    for (Node entry : list.getValue()) {
      if (entry instanceof MappingNode mapping) {
        rules.add(new YamlFields(name, mapping, faults));
      } else {
        fault(YamlFields.line(entry), "A rule is a mapping of keys and values.");
      }
    }
  }
}
