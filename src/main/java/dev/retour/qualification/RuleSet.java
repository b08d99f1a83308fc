package dev.retour.qualification;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked, immutable set of rules: all files {@code NN-topic.rules.yaml} of one folder, in the
 * order of their numbers. The first rule that matches decides.
 */
public final class RuleSet {
  private final List<Rule> rules;
  private final Matcher matcher;
  private final String version;
  private final KnownWords knownWords;

  private RuleSet(RuleFiles files) {
    this.rules = List.copyOf(files.rules());
    this.matcher = new Matcher(files.rules());
    this.version = files.version();
    this.knownWords = files.knownWords();
  }

  /**
   * Loads a folder of rule files.
   *
   * @throws RuleSetException with every fault, when there is at least one
   */
  public static RuleSet load(Path folder) {
    RuleFiles files = RuleFiles.read(folder);
    RuleSet set = new RuleSet(files);
    List<FileFault> faults = set.faults(files);
    if (!faults.isEmpty()) {
      throw new RuleSetException(faults);
    }
    return set;
  }

  /** All faults of a folder of rule files, in the order of files and lines; empty when usable. */
  public static List<FileFault> check(Path folder) {
    RuleFiles files = RuleFiles.read(folder);
    return new RuleSet(files).faults(files);
  }

  /** Short hash over all files, stored with each verdict. */
  public String version() {
    return version;
  }

  /** How many rules there are. */
  public int size() {
    return rules.size();
  }

  /** How many examples prove them. */
  public int examples() {
    return rules.stream().mapToInt(rule -> rule.examples().size()).sum();
  }

  private List<FileFault> faults(RuleFiles files) {
    List<FileFault> faults = new ArrayList<>(files.faults());
    for (Rule rule : rules) {
      for (Rule.Example example : rule.examples()) {
        Rule winner =
            matcher.firstOfExample(
                Subject.of(example.diagnostic(), QualificationConfig.TEXT_CHARS_MAX_DEFAULT));
        if (!rule.equals(winner)) {
          faults.add(new FileFault(rule.file(), example.line(), lost(rule, winner)));
        }
      }
    }
    faults.sort(Comparator.comparing(FileFault::file).thenComparingInt(FileFault::line));
    return List.copyOf(faults);
  }

  private static String lost(Rule rule, @Nullable Rule winner) {
    String by =
        winner == null
            ? "no rule at all matches it"
            : "rule \"" + winner.id() + "\" (" + winner.file() + ":" + winner.line() + ") wins it";
    return "This example of rule \"" + rule.id() + "\" is not won by it: " + by + ".";
  }

  /** The first rule that matches, found by RE2J alone; what the matcher is held to. */
  @Nullable Rule firstWithoutPrefilter(Subject subject) {
    for (Rule rule : rules) {
      List<TextPattern> texts = rule.conditions().texts();
      if (rule.conditions().circumstancesHold(subject)
          && (texts.isEmpty() || texts.stream().anyMatch(text -> text.findByRe2(subject.text())))
          && rule.conditions().unless().stream()
              .noneMatch(text -> text.findByRe2(subject.text()))) {
        return rule;
      }
    }
    return null;
  }

  @Nullable Rule first(Subject subject) {
    return matcher.first(subject);
  }

  List<Rule> rules() {
    return rules;
  }

  Decision qualify(Diagnostic diagnostic, int textCharsMax) {
    Subject subject = Subject.of(diagnostic, textCharsMax);
    Rule rule = matcher.first(subject);
    if (isDoubtful(rule)) {
      Subject spelled = Subject.spelledOut(diagnostic, textCharsMax);
      Rule more = spelled.text().equals(subject.text()) ? null : matcher.first(spelled);
      if (more != null && more.precedence().isWords()) {
        rule = more;
        subject = spelled;
      }
    }
    if (rule == null) {
      return new Decision(unknown(subject.source()), null, subject);
    }
    FailureType type = rule.type();
    String because = rule.because();
    if (type == FailureType.HARD && temporary(subject)) {
      type = FailureType.SOFT;
      because += " The answer was a temporary one (4xx), which proves nothing for good.";
    } else if (type == FailureType.HARD && beforeRecipient(subject)) {
      type = FailureType.SOFT;
      because += " But the server had not yet been told the recipient, so it is no proof.";
    } else if (type == FailureType.HARD && rule.knownWordsOnly()) {
      String stranger = knownWords.strangerIn(diagnostic.text());
      if (stranger != null) {
        type = FailureType.SOFT;
        because += " But \"" + stranger + "\" is no word of such answers, so it is no proof.";
      }
    }
    Verdict verdict = new Verdict(type, rule.reason(), rule.id(), because, version);
    return new Decision(verdict, rule, subject);
  }

  /**
   * Whether the names of faults within the text are worth reading as words: nothing but a reply
   * code decides, or a status code alone would bar the address for good.
   */
  private static boolean isDoubtful(@Nullable Rule rule) {
    return rule == null
        || rule.precedence() == Precedence.REPLY_CODE
        || (rule.precedence() == Precedence.STATUS && rule.type() == FailureType.HARD);
  }

  Explanation explain(Diagnostic diagnostic, int textCharsMax, int candidatesMax) {
    Decision decision = qualify(diagnostic, textCharsMax);
    Rule rule = decision.rule();
    Subject subject = decision.subject();
    return new Explanation(
        decision.verdict(),
        rule == null ? Precedence.UNKNOWN : rule.precedence(),
        subject.status(),
        subject.replyCode().isEmpty() ? 0 : Integer.parseInt(subject.replyCode()),
        matcher.near(subject, rule, candidatesMax));
  }

  private static boolean temporary(Subject subject) {
    return subject.replyCode().isEmpty()
        ? subject.source() == Source.SMTP_REPLY && subject.status().startsWith("4.")
        : subject.replyCode().startsWith("4");
  }

  private static boolean beforeRecipient(Subject subject) {
    return subject.phase().compareTo(Phase.RCPT) < 0;
  }

  private Verdict unknown(Source source) {
    return source == Source.SMTP_REPLY
        ? new Verdict(
            FailureType.SOFT,
            Reason.UNREACHABLE,
            Qualifier.UNKNOWN_REPLY,
            "No rule knows this answer; it is retried and counted as unreachable.",
            version)
        : new Verdict(
            FailureType.UNDEFINED,
            Reason.NOT_DEFINED,
            Qualifier.UNKNOWN_BOUNCE,
            "No rule knows this text; a person should qualify it.",
            version);
  }

  /** A verdict with what led to it. */
  record Decision(Verdict verdict, @Nullable Rule rule, Subject subject) {}
}
