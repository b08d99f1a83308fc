package dev.retour.app;

import java.util.List;
import java.util.stream.Collectors;

/** Changed files have faults; what ran before runs on. */
final class ReloadFaultException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  ReloadFaultException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  List<Fault> faults() {
    return faults;
  }
}
