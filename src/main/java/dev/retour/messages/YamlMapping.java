package dev.retour.messages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The keys of one YAML mapping, read with faults that name file and line. */
final class YamlMapping {
  private static final int VALUES_MAX = 200;

  private final String file;
  private final Node node;
  private final List<MessageFault> faults;
  private final Map<String, NodeTuple> tuples = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  private YamlMapping(String file, MappingNode node, List<MessageFault> faults) {
    this.file = file;
    this.node = node;
    this.faults = faults;
    for (NodeTuple tuple : node.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (tuples.put(key, tuple) != null) {
        fault(tuple.getKeyNode(), "The key \"" + key + "\" is given twice.");
      }
    }
  }

  /** Reads a file whose root is a mapping; nothing when that is not so, which is a fault. */
  static Optional<YamlMapping> parse(String file, String yaml, List<MessageFault> faults) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setUseMarks(true)
            .setMaxAliasesForCollections(0)
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(yaml);
      if (root.isPresent() && root.get() instanceof MappingNode mapping) {
        return Optional.of(new YamlMapping(file, mapping, faults));
      }
      faults.add(new MessageFault(file, 1, "This file begins with keys such as \"id: EVT…\"."));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      faults.add(new MessageFault(file, line, "This is no YAML: " + e.getProblem() + "."));
    } catch (YamlEngineException e) {
      faults.add(new MessageFault(file, 0, "This is no YAML: " + e.getMessage()));
    }
    return Optional.empty();
  }

  boolean has(String key) {
    known.add(key);
    return tuples.containsKey(key);
  }

  /** The text of a key; {@code byDefault} when it is missing or no text. */
  String text(String key, String byDefault) {
    Node value = value(key);
    if (value == null) {
      return byDefault;
    }
    if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue().strip();
    }
    fault(value, "\"" + key + "\" must be a text.");
    return byDefault;
  }

  /** The text of a key that must be there; empty when it is not, which is a fault. */
  String required(String key) {
    if (!has(key)) {
      fault(node, "\"" + key + "\" is missing.");
      return "";
    }
    return text(key, "");
  }

  /** The parsed text of a key. The parser throws IllegalArgumentException with "must be …". */
  <T> T parsed(String key, T byDefault, Function<String, T> parser) {
    String text = text(key, "");
    if (text.isEmpty()) {
      return byDefault;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      fault(key, "\"" + key + "\" " + e.getMessage() + ", not \"" + text + "\".");
      return byDefault;
    }
  }

  int number(String key, int byDefault, int least, int most) {
    return parsed(key, byDefault, text -> parseNumber(text, least, most));
  }

  private static int parseNumber(String text, int least, int most) {
    String expected = "must be a whole number from " + least + " to " + most;
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
      throw new IllegalArgumentException(expected);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
  }

  boolean flag(String key, boolean byDefault) {
    return parsed(
        key,
        byDefault,
        text -> {
          if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
          }
          throw new IllegalArgumentException("must be true or false");
        });
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Node entry : entries(key)) {
      if (entry instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
        texts.add(scalar.getValue().strip());
      } else {
        fault(entry, "Each value of \"" + key + "\" must be a text.");
      }
    }
    return texts;
  }

  Optional<YamlMapping> mapping(String key) {
    Node value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof MappingNode mapping) {
      return Optional.of(new YamlMapping(file, mapping, faults));
    }
    fault(value, "\"" + key + "\" must have keys of its own.");
    return Optional.empty();
  }

  List<YamlMapping> mappings(String key) {
    List<YamlMapping> mappings = new ArrayList<>();
    for (Node entry : entries(key)) {
      if (entry instanceof MappingNode mapping) {
        mappings.add(new YamlMapping(file, mapping, faults));
      } else {
        fault(entry, "Each entry of \"" + key + "\" must have keys of its own.");
      }
    }
    return mappings;
  }

  private List<Node> entries(String key) {
    Node value = value(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode list && list.getValue().size() <= VALUES_MAX) {
      return list.getValue();
    }
    fault(value, "\"" + key + "\" must be a list of at most " + VALUES_MAX + " entries.");
    return List.of();
  }

  /** All keys, for a mapping whose keys are free. */
  Set<String> keys() {
    return tuples.keySet();
  }

  void refuseUnknown() {
    tuples.forEach(
        (key, tuple) -> {
          if (!known.contains(key)) {
            fault(
                tuple.getKeyNode(),
                "Unknown key \"" + key + "\"; known are " + String.join(", ", known) + ".");
          }
        });
  }

  /** The line of a key, or of the mapping when the key is missing. */
  int line(String key) {
    NodeTuple tuple = tuples.get(key);
    return line(tuple == null ? node : tuple.getKeyNode());
  }

  void fault(String key, String text) {
    faults.add(new MessageFault(file, line(key), text));
  }

  private void fault(Node at, String text) {
    faults.add(new MessageFault(file, line(at), text));
  }

  private @Nullable Node value(String key) {
    known.add(key);
    NodeTuple tuple = tuples.get(key);
    return tuple == null ? null : tuple.getValueNode();
  }

  private static int line(Node at) {
    return at.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }
}
