package dev.retour.qualification;

import java.util.List;

/**
 * One rule of a rule file, ready to match.
 *
 * @param knownWordsOnly whether the answer may have no word that is not in {@link KnownWords}; else
 *     a hard rule is soft
 */
record Rule(
    String id,
    String file,
    int line,
    Precedence precedence,
    Conditions conditions,
    FailureType type,
    Reason reason,
    String because,
    boolean knownWordsOnly,
    List<Example> examples) {

  /** A diagnostic this rule must win. */
  record Example(int line, Diagnostic diagnostic) {}
}
