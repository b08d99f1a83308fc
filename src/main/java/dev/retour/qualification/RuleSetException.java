package dev.retour.qualification;

import dev.retour.config.FileFault;
import java.util.List;
import java.util.stream.Collectors;

/** A rule set with faults is refused as a whole; the rules in force stay in force. */
public final class RuleSetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FileFault> faults;

  RuleSetException(List<FileFault> faults) {
    super(
        "The rule set is refused, "
            + faults.size()
            + " fault(s): "
            + faults.stream().map(FileFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault found, in the order of files and lines. */
  public List<FileFault> faults() {
    return faults;
  }
}
