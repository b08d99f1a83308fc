package dev.retour.app;

import java.util.List;
import java.util.stream.Collectors;

/** A set of routes with faults; the running set stays. */
final class RouteFaultException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  RouteFaultException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    this.faults = List.copyOf(faults);
  }

  List<Fault> faults() {
    return faults;
  }
}
