package dev.retour.quarantine;

import dev.retour.config.FileFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules of the gate beyond the address itself ({@code rules/exclusions.rules.yaml}, spec B10):
 * duplicates, questions to other databases, frequency caps, daily limits. What holds for a message
 * is found by one look into a map.
 */
public final class GateRules {
  /** There are no rules. */
  public static final GateRules NONE = new GateRules(List.of(), List.of(), List.of(), List.of());

  static final String EVERY = "*";

  private static final Logger log = LoggerFactory.getLogger(GateRules.class);
  private static final Duration PROVED_WITHIN = Duration.ofSeconds(2);

  private final List<Exclusion> exclusions;
  private final int size;
  private final Map<String, OfMessage> byMessage = new HashMap<>();
  private final OfMessage others;

  /** What all rules have. */
  sealed interface Rule {
    /** Unique in the file. */
    String id();

    /** {@code EVT…}, or {@code *} alone. */
    List<String> messages();

    /** Why it is there, shown with every mail it keeps back. */
    String because();

    /** The line it begins in. */
    int line();

    default boolean names(String message) {
      return messages().contains(message) || messages().contains(EVERY);
    }
  }

  /** Reason 11: whom a question to a source names gets nothing. */
  record Exclusion(
      String id, List<String> messages, String source, ExclusionSql sql, String because, int line)
      implements Rule {}

  /** Reason 10: the same mail to the same recipient within a time. */
  record Duplicates(String id, List<String> messages, Duration within, String because, int line)
      implements Rule {}

  /** Reason 12: so many mails to one recipient, or to one domain, within a time. */
  record Cap(
      String id,
      List<String> messages,
      boolean byDomain,
      int most,
      Duration within,
      String because,
      int line)
      implements Rule {
    SendCounts.Scope scope() {
      return new SendCounts.Scope(messages.contains(EVERY) ? List.of() : messages, byDomain, most);
    }
  }

  /** Reason 17: so many mails in a day. */
  record Limit(String id, List<String> messages, int most, ZoneId zone, String because, int line)
      implements Rule {}

  /** The rules of one message. */
  record OfMessage(
      List<Duplicates> duplicates, List<Exclusion> exclusions, List<Cap> caps, List<Limit> limits) {
    boolean isEmpty() {
      return exclusions.isEmpty() && !count();
    }

    /** Whether other mails matter. */
    boolean count() {
      return !duplicates.isEmpty() || !caps.isEmpty() || !limits.isEmpty();
    }
  }

  GateRules(
      List<Duplicates> duplicates, List<Exclusion> exclusions, List<Cap> caps, List<Limit> limits) {
    this.exclusions = List.copyOf(exclusions);
    Set<String> named = new HashSet<>();
    List<Rule> all = new ArrayList<>(duplicates);
    all.addAll(exclusions);
    all.addAll(caps);
    all.addAll(limits);
    this.size = all.size();
    all.forEach(rule -> named.addAll(rule.messages()));
    Function<String, OfMessage> of =
        message ->
            new OfMessage(
                naming(duplicates, message),
                naming(exclusions, message),
                naming(caps, message),
                naming(limits, message));
    named.forEach(message -> byMessage.put(message, of.apply(message)));
    this.others = of.apply(EVERY);
  }

  private static <R extends Rule> List<R> naming(List<R> rules, String message) {
    return rules.stream().filter(rule -> rule.names(message)).toList();
  }

  /**
   * Reads and checks a rule file; a file without rules, or none at all, is no fault.
   *
   * @throws GateRulesException naming every fault with file, line and what is expected
   */
  public static GateRules load(Path file) {
    if (Files.notExists(file)) {
      return NONE;
    }
    GateRulesParser parser = new GateRulesParser(file);
    GateRules rules = parser.parse();
    if (!parser.faults().isEmpty()) {
      throw new GateRulesException(parser.faults());
    }
    return rules;
  }

  /** Every fault of a rule file, as {@link #load} would name them. */
  public static List<FileFault> check(Path file) {
    try {
      load(file);
      return List.of();
    } catch (GateRulesException e) {
      return e.faults();
    }
  }

  /**
   * What the sources have against the questions, with their lines: a name nobody knows, a statement
   * its source refuses. A source that is away says nothing; the first mail asks it again.
   */
  public List<FileFault> proved(String file, ExclusionSources sources) {
    List<FileFault> faults = new ArrayList<>();
    for (Exclusion rule : exclusions) {
      try {
        Optional<String> fault =
            sources.names().contains(rule.source())
                ? sources.refusal(rule.source(), rule.sql(), PROVED_WITHIN)
                : Optional.of("There is no such source; known are " + sources.names() + ".");
        fault.ifPresent(
            text -> faults.add(new FileFault(file, rule.line(), rule.source() + ": " + text)));
      } catch (SQLException e) {
        log.warn(
            "The rule {} could not be proved, its source is away: {}",
            rule.id(),
            Exclusions.sentence(e));
      }
    }
    return faults;
  }

  /** How many rules there are. */
  public int size() {
    return size;
  }

  OfMessage of(String message) {
    return byMessage.getOrDefault(message, others);
  }
}
