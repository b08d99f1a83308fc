package dev.retour.quarantine;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code exclusions.rules.yaml}; collects all faults instead of stopping at the first. */
final class GateRulesParser {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";
  private static final String MESSAGE = "\\*|EVT[A-Za-z0-9_-]{1,61}";
  private static final int RULES_MAX = 200;
  private static final int MOST = 100_000_000;

  /** What is older is not counted: packages are removed in the end. */
  private static final Duration WITHIN_MAX = Duration.ofDays(366);

  private final Path file;
  private final List<FileFault> faults = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  GateRulesParser(Path file) {
    this.file = file;
  }

  /** In the order of lines. */
  List<FileFault> faults() {
    return faults.stream().sorted(Comparator.comparingInt(FileFault::line)).toList();
  }

  /** The rules that could be read; see {@link #faults} for the others. */
  GateRules parse() {
    Optional<Node> root = YamlFile.read(file, faults);
    if (root.isEmpty()) {
      return GateRules.NONE;
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      faults.add(
          new FileFault(
              file.toString(),
              1,
              "The file may hold the lists exclusions, duplicates, caps and limits."));
      return GateRules.NONE;
    }
    YamlFields fields = new YamlFields(file.toString(), mapping, faults);
    List<GateRules.Exclusion> exclusions = rules(fields, "exclusions", this::exclusion);
    List<GateRules.Duplicates> duplicates = rules(fields, "duplicates", this::duplicates);
    List<GateRules.Cap> caps = rules(fields, "caps", this::cap);
    List<GateRules.Limit> limits = rules(fields, "limits", this::limit);
    fields.refuseUnknown();
    refuseIdle(duplicates, (wide, narrow) -> isWithin(narrow.within(), wide.within()));
    refuseIdle(
        caps,
        (wide, narrow) ->
            wide.byDomain() == narrow.byDomain()
                && narrow.most() >= wide.most()
                && isWithin(narrow.within(), wide.within()));
    refuseIdle(
        limits,
        (wide, narrow) -> wide.zone().equals(narrow.zone()) && narrow.most() >= wide.most());
    return new GateRules(duplicates, exclusions, caps, limits);
  }

  private <R> List<R> rules(
      YamlFields fields, String key, Function<YamlFields, @Nullable R> reader) {
    List<R> rules = new ArrayList<>();
    if (fields.list(key, 0).size() > RULES_MAX) {
      fields.faultAt(key, "\"" + key + "\" holds at most " + RULES_MAX + " rules.");
      return rules;
    }
    for (YamlFields entry : fields.children(key)) {
      int before = faults.size();
      R rule = reader.apply(entry);
      entry.refuseMissing("id", "messages", "because");
      entry.refuseUnknown();
      if (rule != null && faults.size() == before) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private GateRules.@Nullable Exclusion exclusion(YamlFields entry) {
    Head head = head(entry);
    String source = entry.value("source", text -> matching(text, NAME, "a name such as erp"));
    ExclusionSql sql = entry.value("sql", ExclusionSql::of);
    entry.refuseMissing("source", "sql");
    return source == null || sql == null
        ? null
        : new GateRules.Exclusion(
            head.id(), head.messages(), source, sql, head.because(), entry.line("id"));
  }

  private GateRules.@Nullable Duplicates duplicates(YamlFields entry) {
    Head head = head(entry);
    Duration within = within(entry);
    return within == null
        ? null
        : new GateRules.Duplicates(
            head.id(), head.messages(), within, head.because(), entry.line("id"));
  }

  private GateRules.@Nullable Cap cap(YamlFields entry) {
    Head head = head(entry);
    String per = entry.choice("per", List.of("recipient", "domain"), Function.identity());
    int most = entry.number("most", 1, MOST, null);
    Duration within = within(entry);
    entry.refuseMissing("per");
    return per == null || within == null
        ? null
        : new GateRules.Cap(
            head.id(),
            head.messages(),
            per.equals("domain"),
            most,
            within,
            head.because(),
            entry.line("id"));
  }

  private GateRules.@Nullable Limit limit(YamlFields entry) {
    Head head = head(entry);
    int most = entry.number("most", 1, MOST, null);
    entry.choice("per", List.of("day"), Function.identity());
    ZoneId zone = entry.value("zone", ZoneId::of);
    entry.refuseMissing("per");
    return new GateRules.Limit(
        head.id(),
        head.messages(),
        most,
        zone == null ? ZoneOffset.UTC : zone,
        head.because(),
        entry.line("id"));
  }

  private static @Nullable Duration within(YamlFields entry) {
    Duration within = entry.duration("within");
    entry.refuseMissing("within");
    if (within != null && (within.isZero() || !isWithin(within, WITHIN_MAX))) {
      entry.faultAt("within", "\"within\" must be more than 0s and at most 366d.");
      return null;
    }
    return within;
  }

  /** What all rules have. */
  private record Head(String id, List<String> messages, String because) {}

  private Head head(YamlFields entry) {
    String id = entry.value("id", text -> matching(text, NAME, "letters, digits, - . _"));
    if (id != null && !ids.add(id)) {
      entry.faultAt("id", "The id \"" + id + "\" is given twice.");
    }
    List<String> messages = new ArrayList<>();
    for (Node node : entry.nodes("messages")) {
      String message = entry.text("messages", node);
      if (message != null && !message.matches(MESSAGE)) {
        entry.fault(node, "\"" + message + "\" is no message: EVT… or \"*\".");
      } else if (message != null && messages.contains(message)) {
        entry.fault(node, "\"" + message + "\" is named twice.");
      } else if (message != null) {
        messages.add(message);
      }
    }
    if (messages.contains(GateRules.EVERY) && messages.size() > 1) {
      entry.faultAt("messages", "\"*\" names every message; leave the others out.");
    }
    String because = entry.text("because");
    return new Head(id == null ? "" : id, messages, because == null ? "" : because);
  }

  /** A rule proves itself: one that another one leaves nothing to do is a mistake. */
  private <R extends GateRules.Rule> void refuseIdle(
      List<R> rules, BiPredicate<R, R> leavesNothing) {
    for (R narrow : rules) {
      rules.stream()
          .filter(wide -> wide != narrow && covers(wide, narrow))
          .filter(wide -> leavesNothing.test(wide, narrow))
          .filter(wide -> !leavesNothing.test(narrow, wide) || wide.line() < narrow.line())
          .findFirst()
          .ifPresent(
              wide ->
                  faults.add(
                      new FileFault(
                          file.toString(),
                          narrow.line(),
                          String.format(
                              Locale.ROOT,
                              "The rule \"%s\" never keeps a mail back: \"%s\" (line %d) does so"
                                  + " sooner.",
                              narrow.id(),
                              wide.id(),
                              wide.line()))));
    }
  }

  private static boolean covers(GateRules.Rule wide, GateRules.Rule narrow) {
    return wide.messages().contains(GateRules.EVERY)
        || wide.messages().containsAll(narrow.messages());
  }

  private static boolean isWithin(Duration one, Duration other) {
    return one.compareTo(other) <= 0;
  }

  private static String matching(String text, String pattern, String expected) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException("must look like " + expected);
    }
    return text;
  }
}
