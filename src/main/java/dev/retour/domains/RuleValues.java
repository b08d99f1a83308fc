package dev.retour.domains;

import dev.retour.config.YamlFields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** The kinds of values only rules about domains and mail exchangers have. */
final class RuleValues {
  private RuleValues() {}

  /** One mask or a list of them, each with its place in the file. */
  static Map<String, Node> masks(YamlFields rule, String key) {
    Map<String, Node> masks = new LinkedHashMap<>();
    rule.refuseMissing(key);
    for (Node node : rule.nodes(key)) {
      String mask = node instanceof ScalarNode scalar ? Mask.normal(scalar.getValue()) : "";
      if (!mask.matches(Mask.SHAPE)) {
        rule.fault(node, "\"" + mask + "\" is no name with * and ?, such as *.example.com.");
      } else if (masks.put(mask, node) != null) {
        rule.fault(node, "\"" + mask + "\" is named twice.");
      }
    }
    return masks;
  }

  /** A share such as {@code 90%}; it must be given when {@code byDefault} is null. */
  static int percent(YamlFields rule, String key, @Nullable Integer byDefault) {
    Integer share = given(rule, key, byDefault) ? rule.value(key, RuleValues::share) : null;
    if (share != null) {
      return share;
    }
    return byDefault == null ? 100 : byDefault;
  }

  private static Integer share(String text) {
    if (text.matches("[1-9][0-9]?%|100%")) {
      return Integer.valueOf(text.substring(0, text.length() - 1));
    }
    throw new IllegalArgumentException("must be a share from 1% to 100%, such as 90%");
  }

  /** A length of time such as {@code 3h}; it must be given when {@code byDefault} is null. */
  static Duration duration(
      YamlFields rule, String key, Duration least, Duration most, @Nullable Duration byDefault) {
    Duration duration = given(rule, key, byDefault) ? rule.duration(key) : null;
    if (duration != null && duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
      return duration;
    }
    if (duration != null) {
      rule.faultAt(
          key, "\"" + key + "\" must be from " + shown(least) + " to " + shown(most) + ".");
    }
    return byDefault == null ? least : byDefault;
  }

  private static boolean given(YamlFields rule, String key, @Nullable Object byDefault) {
    if (byDefault == null) {
      rule.refuseMissing(key);
    }
    return rule.has(key);
  }

  private static String shown(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0 && seconds > 0) {
      return seconds / 86_400 + "d";
    }
    return seconds % 3_600 == 0 && seconds > 0 ? seconds / 3_600 + "h" : seconds + "s";
  }
}
