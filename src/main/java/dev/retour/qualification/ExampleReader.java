package dev.retour.qualification;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads an example: a failure text, or a mapping that also gives its circumstances. What is not
 * given is taken from the rule's own conditions, so that most examples are one line.
 */
final class ExampleReader {
  private ExampleReader() {}

  static Optional<Rule.Example> read(
      String file, Node node, Conditions rule, List<FileFault> faults) {
    int line = YamlFields.line(node);
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      Source source = source(null, rule);
      Diagnostic diagnostic =
          new Diagnostic(
              source,
              scalar.getValue(),
              null,
              null,
              name(null, rule.hosts()),
              name(null, rule.reportingMtas()),
              phase(null, source, rule));
      return Optional.of(new Rule.Example(line, diagnostic));
    }
    if (node instanceof MappingNode mapping) {
      return Optional.of(new Rule.Example(line, diagnostic(file, mapping, rule, faults)));
    }
    faults.add(new FileFault(file, line, "An example is a failure text or a mapping with one."));
    return Optional.empty();
  }

  private static Diagnostic diagnostic(
      String file, MappingNode mapping, Conditions rule, List<FileFault> faults) {
    YamlFields fields = new YamlFields(file, mapping, faults);
    String text = fields.text("text");
    List<String> replyCode = new ConditionReader(fields).masks("reply-code", "[45][0-9]{2}", "550");
    Source source = source(fields.choice("source", List.of(Source.values()), Source::label), rule);
    Phase phase =
        phase(fields.choice("phase", List.of(Phase.values()), Phase::label), source, rule);
    Diagnostic diagnostic =
        new Diagnostic(
            source,
            text == null ? "" : text,
            fields.text("status"),
            replyCode.isEmpty() ? null : Integer.valueOf(replyCode.get(0)),
            name(fields.text("host"), rule.hosts()),
            name(fields.text("reporting-mta"), rule.reportingMtas()),
            phase);
    fields.refuseUnknown();
    return diagnostic;
  }

  private static Source source(@Nullable Source given, Conditions rule) {
    if (given != null) {
      return given;
    }
    return rule.sources().isEmpty() ? Source.BOUNCE : rule.sources().iterator().next();
  }

  private static Phase phase(@Nullable Phase given, Source source, Conditions rule) {
    if (given != null) {
      return given;
    }
    if (!rule.phases().isEmpty()) {
      return rule.phases().iterator().next();
    }
    return source == Source.BOUNCE ? Phase.REPORT : Phase.RCPT;
  }

  private static @Nullable String name(@Nullable String given, List<String> masks) {
    if (given != null || masks.isEmpty()) {
      return given;
    }
    String mask = masks.get(0);
    return mask.startsWith("*.") ? "mx" + mask.substring(1) : mask;
  }
}
