package dev.retour.config;

import java.time.DateTimeException;
import java.time.Duration;
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

/**
 * The keys of one YAML mapping, typed and strict: a key that is given twice or that nobody asked
 * for is a fault. Faults are collected with file and line, and reading goes on without the value.
 */
public final class YamlFields {
  private static final int VALUES_MAX = 1_000;

  private final String file;
  private final MappingNode mapping;
  private final List<FileFault> faults;
  private final Map<String, NodeTuple> tuples = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  public YamlFields(String file, MappingNode mapping, List<FileFault> faults) {
    this.file = file;
    this.mapping = mapping;
    this.faults = faults;
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (tuples.put(key, tuple) != null) {
        fault(tuple.getKeyNode(), "The key \"" + key + "\" is given twice.");
      }
    }
  }

  /** The line of a node, from 1. */
  public static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  public boolean has(String key) {
    known.add(key);
    return tuples.containsKey(key);
  }

  /** Whether the value of a key is one text, and neither a list nor a mapping. */
  public boolean isText(String key) {
    return node(key) instanceof ScalarNode;
  }

  /** The text of a key; null when it is missing or, with a fault, empty or no text. */
  public @Nullable String text(String key) {
    Node value = node(key);
    if (value == null) {
      return null;
    }
    if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue().strip();
    }
    fault(value, "\"" + key + "\" must be a text.");
    return null;
  }

  public String text(String key, String byDefault) {
    String text = text(key);
    return text == null ? byDefault : text;
  }

  /** The text of a key that must be there; empty when it is not, which is a fault. */
  public String required(String key) {
    if (!has(key)) {
      fault("\"" + key + "\" is missing.");
    }
    return text(key, "");
  }

  /**
   * The text of a key turned into something else; null when it is missing or a fault.
   *
   * @param reader throws {@link IllegalArgumentException} with the expectation ("must be …")
   */
  public <T> @Nullable T value(String key, Function<String, T> reader) {
    String text = text(key);
    if (text == null) {
      return null;
    }
    try {
      return reader.apply(text);
    } catch (DateTimeException e) {
      faultAt(key, "\"" + key + "\": " + e.getMessage() + ".");
    } catch (IllegalArgumentException e) {
      faultAt(key, "\"" + key + "\" " + e.getMessage() + ", not \"" + text + "\".");
    }
    return null;
  }

  /** A length of time such as {@code 3h}; null when it is missing or a fault. */
  public @Nullable Duration duration(String key) {
    return value(key, Setting::parseDuration);
  }

  /**
   * A whole number; {@code byDefault} when it is missing, and null there means: it must be given.
   */
  public int number(String key, int least, int most, @Nullable Integer byDefault) {
    if (byDefault == null && !has(key)) {
      fault("\"" + key + "\" is missing.");
    }
    Integer number = value(key, text -> parseNumber(text, least, most));
    if (number != null) {
      return number;
    }
    return byDefault == null ? least : byDefault;
  }

  private static Integer parseNumber(String text, int least, int most) {
    String expected = "must be a whole number from " + least + " to " + most;
    try {
      int value = Integer.parseInt(text.replace("_", ""));
      if (value >= least && value <= most) {
        return value;
      }
      throw new IllegalArgumentException(expected);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(expected, e);
    }
  }

  public boolean flag(String key, boolean byDefault) {
    Boolean flag =
        value(
            key,
            text -> {
              if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
              }
              throw new IllegalArgumentException("must be true or false");
            });
    return flag == null ? byDefault : flag;
  }

  /** One constant of an enumeration in lower case. */
  public <E extends Enum<E>> E choice(String key, E byDefault) {
    List<E> all = List.of(byDefault.getDeclaringClass().getEnumConstants());
    E chosen = choice(key, all, constant -> constant.name().toLowerCase(Locale.ROOT));
    return chosen == null ? byDefault : chosen;
  }

  /** The one with this label; null when the key is missing or a fault. */
  public <E> @Nullable E choice(String key, List<E> all, Function<E, String> label) {
    return value(key, text -> oneOf(text, all, label));
  }

  private static <E> E oneOf(String text, List<E> all, Function<E, String> label) {
    for (E one : all) {
      if (label.apply(one).equals(text)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "must be one of " + all.stream().map(label).collect(Collectors.joining(", ")));
  }

  /** The values of a key that may be one value or a list; empty when it is missing. */
  public List<Node> nodes(String key) {
    Node value = node(key);
    return value == null || value instanceof SequenceNode ? list(key, 1) : List.of(value);
  }

  /** The entries of a list; empty when it is missing or a fault. */
  public List<Node> list(String key, int least) {
    Node value = node(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode list
        && list.getValue().size() >= least
        && list.getValue().size() <= VALUES_MAX) {
      return list.getValue();
    }
    fault(value, "\"" + key + "\" must be a list of " + least + " to " + VALUES_MAX + " values.");
    return List.of();
  }

  /** The texts of a list; empty when it is missing. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Node node : list(key, 0)) {
      String text = text(key, node);
      if (text != null) {
        texts.add(text.strip());
      }
    }
    return texts;
  }

  /** The text of one value of a key as it stands in the file; null, with a fault, if it is none. */
  public @Nullable String text(String key, Node value) {
    if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    fault(value, "Each value of \"" + key + "\" must be a text.");
    return null;
  }

  /** The mapping below a key; null when it is missing or, with a fault, none. */
  public @Nullable YamlFields child(String key) {
    Node value = node(key);
    return value == null ? null : of(value, "\"" + key + "\"");
  }

  /** The mappings of a list of them; empty when it is missing. */
  public List<YamlFields> children(String key) {
    List<YamlFields> children = new ArrayList<>();
    for (Node node : list(key, 0)) {
      YamlFields child = of(node, "Each entry of \"" + key + "\"");
      if (child != null) {
        children.add(child);
      }
    }
    return children;
  }

  /** The keys of an entry of a list; null when it is no mapping, which is a fault. */
  public @Nullable YamlFields of(Node node, String name) {
    if (node instanceof MappingNode inner) {
      return new YamlFields(file, inner, faults);
    }
    fault(node, name + " must be a mapping of keys and values.");
    return null;
  }

  /** All keys, for a mapping whose keys are free. */
  public Set<String> keys() {
    return tuples.keySet();
  }

  public void refuseMissing(String... required) {
    for (String key : required) {
      if (!tuples.containsKey(key)) {
        fault("\"" + key + "\" is missing.");
      }
    }
  }

  public void refuseUnknown() {
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
  public int line(String key) {
    NodeTuple tuple = tuples.get(key);
    return line(tuple == null ? mapping : tuple.getKeyNode());
  }

  /** A fault of the mapping as a whole. */
  public void fault(String text) {
    fault(mapping, text);
  }

  /** A fault of one key. */
  public void faultAt(String key, String text) {
    faults.add(new FileFault(file, line(key), text));
  }

  public void fault(Node at, String text) {
    faults.add(new FileFault(file, line(at), text));
  }

  private @Nullable Node node(String key) {
    known.add(key);
    NodeTuple tuple = tuples.get(key);
    return tuple == null ? null : tuple.getValueNode();
  }
}
