package dev.retour.domains;

import dev.retour.qualification.RuleFault;
import java.util.List;
import java.util.stream.Collectors;

/** A file of domain or MX rules with faults is refused as a whole; the rules in force stay. */
public final class DomainRulesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<RuleFault> faults;

  DomainRulesException(List<RuleFault> faults) {
    super(
        "Refused, "
            + faults.size()
            + " fault(s): "
            + faults.stream().map(RuleFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** Every fault found, in the order of lines. */
  public List<RuleFault> faults() {
    return faults;
  }
}
