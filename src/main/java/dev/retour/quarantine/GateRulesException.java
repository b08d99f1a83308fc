package dev.retour.quarantine;

import dev.retour.config.FileFault;
import java.util.List;
import java.util.stream.Collectors;

/** A file of gate rules with faults is refused as a whole; the rules in force stay. */
public final class GateRulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FileFault> faults;

  GateRulesException(List<FileFault> faults) {
    super(
        "Refused, "
            + faults.size()
            + " fault(s): "
            + faults.stream().map(FileFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault found, in the order of lines. */
  public List<FileFault> faults() {
    return faults;
  }
}
