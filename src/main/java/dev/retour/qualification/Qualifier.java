package dev.retour.qualification;

import java.util.concurrent.CompletableFuture;

/**
 * Decides what a failure means, by the rule set in force. Safe for many threads; a new rule set
 * replaces the old one as a whole.
 */
public final class Qualifier {
  /** Rule id of an SMTP answer that no rule knows: soft, unreachable (spec B1). */
  public static final String UNKNOWN_REPLY = "unknown-reply";

  /** Rule id of a bounce that no rule knows: undefined, not defined (spec B1). */
  public static final String UNKNOWN_BOUNCE = "unknown-bounce";

  private static final int CANDIDATES_MAX = 20;

  private final QualificationConfig config;
  private volatile CompletableFuture<RuleSet> rules;

  /** Starts with a rule set already loaded and checked. */
  public Qualifier(RuleSet rules, QualificationConfig config) {
    this(CompletableFuture.completedFuture(rules), config);
  }

  /** Starts with a rule set that is perhaps still being read; the first question waits for it. */
  Qualifier(CompletableFuture<RuleSet> rules, QualificationConfig config) {
    this.rules = rules;
    this.config = config;
  }

  /** Judges one failure. Never fails, whatever the text. */
  public Verdict qualify(Diagnostic diagnostic) {
    return rules().qualify(diagnostic, config.textCharsMax()).verdict();
  }

  /** Judges one failure and says how the verdict came about. */
  public Explanation explain(Diagnostic diagnostic) {
    return rules().explain(diagnostic, config.textCharsMax(), CANDIDATES_MAX);
  }

  /** Puts a checked rule set in force, for every call that begins after this one. */
  public void replace(RuleSet next) {
    rules = CompletableFuture.completedFuture(next);
  }

  /**
   * The rule set in force. Waits while the first one is being read.
   *
   * @throws java.util.concurrent.CompletionException with the {@link RuleSetException} when the
   *     first set has a fault
   */
  public RuleSet rules() {
    return rules.join();
  }
}
