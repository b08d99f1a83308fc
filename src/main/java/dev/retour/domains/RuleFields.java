package dev.retour.domains;

import dev.retour.config.Setting;
import dev.retour.qualification.RuleFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The keys of one YAML mapping, typed; what is wrong is collected with its line, and reading goes
 * on with the value given instead.
 */
final class RuleFields {
  private static final int VALUES_MAX = 200;
  private static final int TEXT_CHARS_MAX = 2_000;

  private final String file;
  private final Node mapping;
  private final List<RuleFault> faults;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  RuleFields(String file, MappingNode mapping, List<RuleFault> faults) {
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

  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** A text, or null when it is missing or none. */
  @Nullable String text(String key) {
    known.add(key);
    Node value = values.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof ScalarNode scalar
        && !scalar.getValue().isBlank()
        && scalar.getValue().length() <= TEXT_CHARS_MAX) {
      return scalar.getValue().strip();
    }
    fault(value, "\"" + key + "\" must be a text of at most " + TEXT_CHARS_MAX + " characters.");
    return null;
  }

  /** A text that must be there; empty when it is not. */
  String required(String key) {
    if (!has(key)) {
      fault("\"" + key + "\" is missing.");
    }
    String text = text(key);
    return text == null ? "" : text;
  }

  /**
   * A whole number; {@code byDefault} when it is missing, and null there means: it must be given.
   */
  int number(String key, int least, int most, @Nullable Integer byDefault) {
    String text = given(key, byDefault);
    if (text != null) {
      try {
        int number = Integer.parseInt(text.replace("_", ""));
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // The same fault as a number out of bounds.
      }
      faultAt(key, "\"" + key + "\" must be a whole number from " + least + " to " + most + ".");
    }
    return byDefault == null ? least : byDefault;
  }

  /** A share such as {@code 90%}. */
  int percent(String key, @Nullable Integer byDefault) {
    String text = given(key, byDefault);
    if (text != null) {
      if (text.matches("[1-9][0-9]?%|100%")) {
        return Integer.parseInt(text.substring(0, text.length() - 1));
      }
      faultAt(key, "\"" + key + "\" must be a share from 1% to 100%, such as 90%.");
    }
    return byDefault == null ? 100 : byDefault;
  }

  /** A length of time such as {@code 3h}. */
  Duration duration(String key, Duration least, Duration most, @Nullable Duration byDefault) {
    String text = given(key, byDefault);
    if (text != null) {
      try {
        Duration duration = Setting.parseDuration(text);
        if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
          return duration;
        }
        faultAt(key, "\"" + key + "\" must be from " + shown(least) + " to " + shown(most) + ".");
      } catch (IllegalArgumentException e) {
        faultAt(key, "\"" + key + "\" " + e.getMessage() + ".");
      }
    }
    return byDefault == null ? least : byDefault;
  }

  /** One constant of an enumeration in lower case. */
  <E extends Enum<E>> E choice(String key, E byDefault) {
    String text = text(key);
    if (text == null) {
      return byDefault;
    }
    List<String> labels = new ArrayList<>();
    for (E constant : byDefault.getDeclaringClass().getEnumConstants()) {
      String label = constant.name().toLowerCase(Locale.ROOT);
      if (label.equals(text)) {
        return constant;
      }
      labels.add(label);
    }
    faultAt(
        key,
        "\"" + key + "\" must be one of " + String.join(", ", labels) + ", not \"" + text + "\".");
    return byDefault;
  }

  /** One text or a list of them; each must have the shape. */
  Map<String, Node> masks(String key) {
    known.add(key);
    Map<String, Node> masks = new LinkedHashMap<>();
    Node value = values.get(key);
    if (value == null) {
      fault("\"" + key + "\" is missing.");
      return masks;
    }
    List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
    if (nodes.isEmpty() || nodes.size() > VALUES_MAX) {
      fault(value, "\"" + key + "\" must have 1 to " + VALUES_MAX + " values.");
      return masks;
    }
    for (Node node : nodes) {
      String mask = node instanceof ScalarNode scalar ? Mask.normal(scalar.getValue()) : "";
      if (!mask.matches(Mask.SHAPE)) {
        fault(node, "\"" + mask + "\" is no name with * and ?, such as *.example.com.");
      } else if (masks.put(mask, node) != null) {
        fault(node, "\"" + mask + "\" is named twice.");
      }
    }
    return masks;
  }

  /** A mapping inside this one, or null when it is missing or none. */
  @Nullable RuleFields child(String key) {
    known.add(key);
    Node value = values.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof MappingNode inner) {
      return new RuleFields(file, inner, faults);
    }
    fault(value, "\"" + key + "\" must be a mapping of keys and values.");
    return null;
  }

  boolean isText(String key) {
    return values.get(key) instanceof ScalarNode;
  }

  void refuseUnknown() {
    keys.forEach(
        (key, node) -> {
          if (!known.contains(key)) {
            fault(node, "Unknown key \"" + key + "\"; known are " + String.join(", ", known) + ".");
          }
        });
  }

  /** A fault of the whole mapping. */
  void fault(String text) {
    fault(mapping, text);
  }

  /** A fault of one key's value. */
  void faultAt(String key, String text) {
    known.add(key);
    fault(values.getOrDefault(key, mapping), text);
  }

  void fault(Node at, String text) {
    faults.add(new RuleFault(file, line(at), text));
  }

  private @Nullable String given(String key, @Nullable Object byDefault) {
    if (!has(key) && byDefault == null) {
      fault("\"" + key + "\" is missing.");
    }
    return text(key);
  }

  private static String shown(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0 && seconds > 0) {
      return seconds / 86_400 + "d";
    }
    return seconds % 3_600 == 0 && seconds > 0 ? seconds / 3_600 + "h" : seconds + "s";
  }
}
