package dev.retour.events;

import dev.retour.config.FileFault;
import java.util.List;
import java.util.stream.Collectors;

/** The file of the stores has faults and is refused as a whole; the stores in force stay. */
public final class ReferenceRulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<FileFault> faults;

  ReferenceRulesException(List<FileFault> faults) {
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
