package dev.retour.qualification;

import com.google.re2j.PatternSyntaxException;
import dev.retour.config.YamlFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the conditions of a rule; each is one value or a list of them. */
final class ConditionReader {
  private static final int PATTERN_CHARS_MAX = 500;

  private final YamlFields rule;

  ConditionReader(YamlFields rule) {
    this.rule = rule;
  }

  List<TextPattern> patterns(String key) {
    List<TextPattern> patterns = new ArrayList<>();
    for (Node node : rule.nodes(key)) {
      String source = rule.text(key, node);
      TextPattern pattern = source == null ? null : pattern(node, source);
      if (pattern != null) {
        patterns.add(pattern);
      }
    }
    return patterns;
  }

  private @Nullable TextPattern pattern(Node node, String source) {
    if (source.length() > PATTERN_CHARS_MAX) {
      rule.fault(node, "This pattern is longer than " + PATTERN_CHARS_MAX + " characters.");
      return null;
    }
    try {
      TextPattern pattern = TextPattern.compile(source);
      if (!pattern.findByRe2("")) {
        return pattern;
      }
      rule.fault(node, "The pattern \"" + source + "\" matches every text.");
    } catch (PatternSyntaxException e) {
      rule.fault(
          node,
          "The pattern \""
              + source
              + "\" cannot be run in linear time ("
              + e.getDescription()
              + "); look-around and back references are not available.");
    }
    return null;
  }

  List<String> masks(String key, String shape, String instances) {
    List<String> masks = new ArrayList<>();
    for (Node node : rule.nodes(key)) {
      String text = rule.text(key, node);
      if (text == null) {
        continue;
      }
      String mask = text.toLowerCase(Locale.ROOT);
      if (mask.matches(shape)) {
        masks.add(mask);
      } else {
        rule.fault(node, "\"" + key + "\" must look like " + instances + ", not \"" + mask + "\".");
      }
    }
    return masks;
  }

  <E> Set<E> choices(String key, List<E> all, Function<E, String> label) {
    Set<E> chosen = new LinkedHashSet<>();
    for (Node node : rule.nodes(key)) {
      String text = rule.text(key, node);
      if (text == null) {
        continue;
      }
      all.stream()
          .filter(one -> label.apply(one).equals(text))
          .findFirst()
          .ifPresentOrElse(
              chosen::add,
              () ->
                  rule.fault(
                      node,
                      "\""
                          + key
                          + "\" must be one of "
                          + all.stream().map(label).collect(Collectors.joining(", "))
                          + ", not \""
                          + text
                          + "\"."));
    }
    return chosen;
  }
}
