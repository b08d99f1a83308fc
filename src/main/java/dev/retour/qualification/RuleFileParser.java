package dev.retour.qualification;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one rule file: a YAML list of rules. Collects faults instead of stopping at the first. */
final class RuleFileParser {
  private final String file;
  private final Precedence precedence;
  private final List<FileFault> faults = new ArrayList<>();

  RuleFileParser(String file, Precedence precedence) {
    this.file = file;
    this.precedence = precedence;
  }

  List<FileFault> faults() {
    return faults;
  }

  /** The rules that could be read; those with a fault in a condition are left out. */
  List<Rule> parse(String yaml) {
    Optional<Node> root = YamlFile.compose(file, yaml, faults);
    if (root.isEmpty()) {
      return List.of(); // only comments, as 10-local is shipped
    }
    if (!(root.get() instanceof SequenceNode list)) {
      fault(root.get(), "A rule file is a list: each rule begins with \"- id: …\".");
      return List.of();
    }
    List<Rule> rules = new ArrayList<>();
    for (Node entry : list.getValue()) {
      if (entry instanceof MappingNode mapping) {
        Rule rule = rule(mapping);
        if (rule != null) {
          rules.add(rule);
        }
      } else {
        fault(entry, "A rule is a mapping with id, conditions, type, reason, because, examples.");
      }
    }
    return rules;
  }

  private @Nullable Rule rule(MappingNode node) {
    YamlFields fields = new YamlFields(file, node, faults);
    int before = faults.size();
    String id = fields.text("id");
    Conditions conditions = conditions(fields);
    FailureType type = fields.choice("type", List.of(FailureType.values()), FailureType::label);
    Reason reason = fields.choice("reason", List.of(Reason.values()), Reason::key);
    String because = fields.text("because");
    boolean knownWordsOnly = fields.flag("known-words-only", false);
    List<Rule.Example> examples = new ArrayList<>();
    for (Node example : fields.nodes("examples")) {
      ExampleReader.read(file, example, conditions, faults).ifPresent(examples::add);
    }
    for (String required : List.of("id", "type", "reason", "because", "examples")) {
      if (!fields.has(required)) {
        fields.fault(
            (id == null ? "This rule" : "Rule \"" + id + "\"") + " has no \"" + required + "\".");
      }
    }
    fields.refuseUnknown();
    if (faults.size() == before) {
      refuseMisplaced(node, id, conditions);
    }
    if (faults.size() > before || id == null || type == null || reason == null || because == null) {
      return null;
    }
    return new Rule(
        id,
        file,
        YamlFields.line(node),
        precedence,
        conditions,
        type,
        reason,
        because,
        knownWordsOnly,
        examples);
  }

  private static Conditions conditions(YamlFields fields) {
    ConditionReader read = new ConditionReader(fields);
    return new Conditions(
        read.patterns("text"),
        read.patterns("unless"),
        read.masks("status", "[245x]\\.(\\d{1,3}|x)\\.(\\d{1,3}|x)", "5.1.1 or x.2.2"),
        read.masks("reply-code", "[45][0-5x][0-9x]", "550 or 5xx"),
        read.masks("host", "(\\*\\.)?[a-z0-9._-]+", "mx.example.com or *.example.com"),
        read.masks("reporting-mta", "(\\*\\.)?[a-z0-9._-]+", "mx.example.com or *.example.com"),
        read.choices("phase", List.of(Phase.values()), Phase::label),
        read.choices("source", List.of(Source.values()), Source::label));
  }

  /** A rule in the wrong class of files would be asked too early or too late. */
  private void refuseMisplaced(MappingNode node, @Nullable String id, Conditions conditions) {
    boolean words = !conditions.texts().isEmpty();
    boolean status = !conditions.statuses().isEmpty();
    boolean code = !conditions.replyCodes().isEmpty();
    boolean server = !conditions.hosts().isEmpty() || !conditions.reportingMtas().isEmpty();
    String needed =
        switch (precedence) {
          case TEXT -> words ? null : "text";
          case STATUS -> status ? null : "status";
          case PROVIDER -> words || server ? null : "text, host or reporting-mta";
          default -> words || status || code || server ? null : "text, status, host or reply-code";
        };
    if (needed != null) {
      fault(node, "Rule \"" + id + "\" must look at " + needed + " to stand in this file.");
    }
  }

  private void fault(Node at, String text) {
    faults.add(new FileFault(file, YamlFields.line(at), text));
  }
}
