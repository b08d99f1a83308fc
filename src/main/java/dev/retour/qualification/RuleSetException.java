package dev.retour.qualification;

import java.util.List;
import java.util.stream.Collectors;

/** A rule set with faults is refused as a whole; the rules in force stay in force. */
public final class RuleSetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<RuleFault> faults;

  RuleSetException(List<RuleFault> faults) {
    super(
        "The rule set is refused, "
            + faults.size()
            + " fault(s): "
            + faults.stream().map(RuleFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault found, in the order of files and lines. */
  public List<RuleFault> faults() {
    return faults;
  }
}
