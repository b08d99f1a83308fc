package dev.retour.qualification;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of one YAML mapping, read with faults that name file and line. */
final class Fields {
  private static final int VALUES_MAX = 200;
  private static final int PATTERN_CHARS_MAX = 500;

  private final String file;
  private final Node mapping;
  private final List<RuleFault> faults;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  Fields(String file, MappingNode mapping, List<RuleFault> faults) {
    this.file = file;
    this.mapping = mapping;
    this.faults = faults;
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      keys.put(key, tuple.getKeyNode());
      if (values.put(key, tuple.getValueNode()) != null) {
        fault(tuple.getKeyNode(), "The key \"" + key + "\" is given twice.");
      }
    }
  }

  static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }

  /** The text of a key, or null when it is missing, empty or no text. */
  @Nullable String text(String key) {
    known.add(key);
    Node value = values.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue().strip();
    }
    fault(value, "\"" + key + "\" must be a text.");
    return null;
  }

  /** The values of a key that may be one value or a list; empty when missing. */
  List<Node> nodes(String key) {
    known.add(key);
    Node value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof SequenceNode list)) {
      return List.of(value);
    }
    if (list.getValue().isEmpty() || list.getValue().size() > VALUES_MAX) {
      fault(value, "\"" + key + "\" must have 1 to " + VALUES_MAX + " values.");
      return List.of();
    }
    return list.getValue();
  }

  List<TextPattern> patterns(String key) {
    List<TextPattern> patterns = new ArrayList<>();
    for (Node node : nodes(key)) {
      String source = scalar(key, node);
      if (source == null) {
        continue;
      }
      if (source.length() > PATTERN_CHARS_MAX) {
        fault(node, "This pattern is longer than " + PATTERN_CHARS_MAX + " characters.");
        continue;
      }
      try {
        TextPattern pattern = TextPattern.compile(source);
        if (pattern.findByRe2("")) {
          fault(node, "The pattern \"" + source + "\" matches every text.");
        } else {
          patterns.add(pattern);
        }
      } catch (PatternSyntaxException e) {
        fault(
            node,
            "The pattern \""
                + source
                + "\" cannot be run in linear time ("
                + e.getDescription()
                + "); look-around and back references are not available.");
      }
    }
    return patterns;
  }

  List<String> masks(String key, String shape, String instances) {
    List<String> masks = new ArrayList<>();
    for (Node node : nodes(key)) {
      String text = scalar(key, node);
      if (text == null) {
        continue;
      }
      String mask = text.toLowerCase(Locale.ROOT);
      if (mask.matches(shape)) {
        masks.add(mask);
      } else {
        fault(node, "\"" + key + "\" must look like " + instances + ", not \"" + mask + "\".");
      }
    }
    return masks;
  }

  <E> Set<E> choices(String key, List<E> all, Function<E, String> label) {
    Set<E> chosen = new LinkedHashSet<>();
    for (Node node : nodes(key)) {
      E one = choice(key, node, all, label);
      if (one != null) {
        chosen.add(one);
      }
    }
    return chosen;
  }

  <E> @Nullable E choice(String key, List<E> all, Function<E, String> label) {
    known.add(key);
    Node value = values.get(key);
    return value == null ? null : choice(key, value, all, label);
  }

  private <E> @Nullable E choice(String key, Node node, List<E> all, Function<E, String> label) {
    String text = scalar(key, node);
    if (text == null) {
      return null;
    }
    for (E one : all) {
      if (label.apply(one).equals(text)) {
        return one;
      }
    }
    String labels = all.stream().map(label).collect(Collectors.joining(", "));
    fault(node, "There is no " + key + " \"" + text + "\"; it is one of " + labels + ".");
    return null;
  }

  private @Nullable String scalar(String key, Node node) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    fault(node, "Each value of \"" + key + "\" must be a text.");
    return null;
  }

  void refuseMissing(String... required) {
    for (String key : required) {
      if (!values.containsKey(key)) {
        String id =
            values.get("id") instanceof ScalarNode scalar
                ? "Rule \"" + scalar.getValue() + "\""
                : "This rule";
        fault(mapping, id + " has no \"" + key + "\".");
      }
    }
  }

  void refuseUnknown() {
    keys.forEach(
        (key, node) -> {
          if (!known.contains(key)) {
            fault(node, "Unknown key \"" + key + "\"; known are " + String.join(", ", known) + ".");
          }
        });
  }

  private void fault(Node at, String text) {
    faults.add(new RuleFault(file, line(at), text));
  }
}
