package dev.retour.qualification;

import java.util.List;

/** One rule of a rule file, ready to match. */
record Rule(
    String id,
    String file,
    int line,
    Precedence precedence,
    Conditions conditions,
    FailureType type,
    Reason reason,
    String because,
    List<Example> examples) {

  /** A diagnostic this rule must win. */
  record Example(int line, Diagnostic diagnostic) {}
}
