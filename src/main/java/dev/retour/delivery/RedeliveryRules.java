package dev.retour.delivery;

import dev.retour.config.FileFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The policies of {@code rules/redelivery.rules.yaml}; the first that matches decides. */
public final class RedeliveryRules {
  private final List<RedeliveryPolicy> policies;
  private final Map<String, RedeliverySchedule> presets;

  private RedeliveryRules(
      List<RedeliveryPolicy> policies, Map<String, RedeliverySchedule> presets) {
    this.policies = List.copyOf(policies);
    this.presets = Map.copyOf(presets);
  }

  /**
   * A file that cannot be used, with everything that is wrong in it.
   *
   * <p>The rules in force stay in force.
   */
  public static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<FileFault> faults;

    Fault(List<FileFault> faults) {
      super(faults.stream().map(FileFault::toString).collect(Collectors.joining("\n")));
      this.faults = List.copyOf(faults);
    }

    public List<FileFault> faults() {
      return faults;
    }
  }

  /**
   * Reads and checks a rule file.
   *
   * @throws Fault naming every fault with file, line and what is expected
   */
  public static RedeliveryRules load(Path file) throws Fault {
    RedeliveryFileParser parser = new RedeliveryFileParser(file);
    List<RedeliveryPolicy> policies = parser.parse();
    if (!parser.faults().isEmpty()) {
      throw new Fault(parser.faults());
    }
    return new RedeliveryRules(policies, parser.presets());
  }

  /** The policy for this message to this domain. */
  public RedeliveryPolicy policyFor(String message, String domain) {
    for (RedeliveryPolicy policy : policies) {
      if (policy.matches(message, domain)) {
        return policy;
      }
    }
    throw new IllegalStateException("The last policy matches everything; see load().");
  }

  /**
   * The timing for this message to this domain when its event asks for something.
   *
   * @param request a preset that is no longer in the rules is passed over
   */
  public RedeliverySchedule scheduleFor(String message, String domain, RedeliveryRequest request) {
    RedeliverySchedule byPreset = request.preset() == null ? null : presets.get(request.preset());
    return (byPreset == null ? policyFor(message, domain).schedule() : byPreset).with(request);
  }

  public List<RedeliveryPolicy> policies() {
    return policies;
  }

  /** The named schedules that policies and events may refer to. */
  public Map<String, RedeliverySchedule> presets() {
    return presets;
  }
}
