package dev.retour.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The policies of {@code rules/redelivery.rules.yaml}; the first that matches decides. */
public final class RedeliveryRules {
  private static final long FILE_BYTES_MAX = 1_000_000;

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

    private final transient List<At> faults;

    /**
     * One thing that is wrong.
     *
     * @param line from 1; 1 for what is missing altogether
     */
    public record At(String file, int line, String text) {
      @Override
      public String toString() {
        return file + ":" + line + ": " + text;
      }
    }

    Fault(List<At> faults, @Nullable Throwable cause) {
      super(faults.stream().map(At::toString).collect(Collectors.joining("\n")), cause);
      this.faults = List.copyOf(faults);
    }

    public List<At> faults() {
      return faults;
    }
  }

  /**
   * Reads and checks a rule file.
   *
   * @throws Fault naming every fault with file, line and what is expected
   */
  public static RedeliveryRules load(Path file) throws Fault {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw fault(file, "is larger than " + FILE_BYTES_MAX + " bytes", null);
      }
      RedeliveryFileParser parser = new RedeliveryFileParser(file.toString());
      List<RedeliveryPolicy> policies =
          parser.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      if (!parser.faults().isEmpty()) {
        throw new Fault(parser.faults(), null);
      }
      return new RedeliveryRules(policies, parser.presets());
    } catch (IOException e) {
      throw fault(file, "cannot be read: " + e.getMessage(), e);
    }
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

  private static Fault fault(Path file, String text, @Nullable Throwable cause) {
    return new Fault(List.of(new Fault.At(file.toString(), 1, text)), cause);
  }
}
