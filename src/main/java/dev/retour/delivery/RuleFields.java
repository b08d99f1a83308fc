package dev.retour.delivery;

import dev.retour.config.Setting;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of one YAML mapping of a rule file; every fault goes into one list, with its line. */
final class RuleFields {
  private static final int VALUES_MAX = 1_000;

  private final String file;
  private final MappingNode mapping;
  private final List<RedeliveryRules.Fault.At> faults;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  RuleFields(String file, MappingNode mapping, List<RedeliveryRules.Fault.At> faults) {
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
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  /** Turns a text into a value; what it throws becomes a fault. */
  interface Reader<T> {
    T read(String text);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value of a key; null when it is missing or a fault. */
  <T> @Nullable T value(String key, Reader<T> reader) {
    known.add(key);
    Node value = values.get(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
      fault(value, "\"" + key + "\" must be a text.");
      return null;
    }
    try {
      return reader.read(scalar.getValue().strip());
    } catch (IllegalArgumentException | DateTimeException e) {
      fault(value, "\"" + key + "\": " + e.getMessage() + ".");
      return null;
    }
  }

  @Nullable String text(String key) {
    return value(key, text -> text);
  }

  @Nullable Duration duration(String key) {
    return value(key, Setting::parseDuration);
  }

  /** The entries of a list; empty when it is missing or a fault. */
  List<Node> list(String key) {
    known.add(key);
    Node value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode list
        && !list.getValue().isEmpty()
        && list.getValue().size() <= VALUES_MAX) {
      return list.getValue();
    }
    fault(value, "\"" + key + "\" must be a list of 1 to " + VALUES_MAX + " entries.");
    return List.of();
  }

  /** The keys below a key; null when it is missing or a fault. */
  @Nullable RuleFields below(String key) {
    known.add(key);
    Node value = values.get(key);
    return value == null ? null : of(value, "\"" + key + "\"");
  }

  /** The keys of an entry of a list; null when it is no mapping, which is a fault. */
  @Nullable RuleFields of(Node node, String name) {
    if (node instanceof MappingNode below) {
      return new RuleFields(file, below, faults);
    }
    fault(node, name + " must be a mapping of keys to values.");
    return null;
  }

  void refuseMissing(String... required) {
    for (String key : required) {
      if (!values.containsKey(key)) {
        fault("\"" + key + "\" is missing here.");
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

  /** A fault of the mapping as a whole. */
  void fault(String text) {
    fault(mapping, text);
  }

  /** A fault of the value of a key. */
  void faultAt(String key, String text) {
    Node value = values.get(key);
    fault(value == null ? mapping : value, text);
  }

  private void fault(Node at, String text) {
    faults.add(new RedeliveryRules.Fault.At(file, line(at), text));
  }
}
