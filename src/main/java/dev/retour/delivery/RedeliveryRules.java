package dev.retour.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.retour.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policies of {@code rules/redelivery.rules.yaml}; the first that matches decides. */
public final class RedeliveryRules {
  private static final long FILE_BYTES_MAX = 1_000_000;
  private static final JsonMapper YAML =
      JsonMapper.builder(new YAMLFactory())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final List<RedeliveryPolicy> policies;

  private RedeliveryRules(List<RedeliveryPolicy> policies) {
    this.policies = policies;
  }

  /**
   * A file that cannot be used: which, where, and what is expected.
   *
   * <p>The rules in force stay in force.
   */
  public static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;

    Fault(Path file, int line, String sentence, @Nullable Throwable cause) {
      super(sentence, cause);
      this.file = file.toString();
      this.line = line;
    }

    public String file() {
      return file;
    }

    /** The line at fault, from 1. */
    public int line() {
      return line;
    }
  }

  /**
   * Reads and checks a rule file.
   *
   * @throws Fault naming file, line and what is expected
   */
  public static RedeliveryRules load(Path file) throws Fault {
    FileShape shape;
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new Fault(file, 1, "is larger than " + FILE_BYTES_MAX + " bytes", null);
      }
      shape = YAML.readValue(Files.readAllBytes(file), FileShape.class);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new Fault(file, at == null ? 1 : at.getLineNr(), e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new Fault(file, 1, "cannot be read: " + e.getMessage(), e);
    }
    if (shape == null || shape.policies == null || shape.policies.isEmpty()) {
      throw new Fault(file, 1, "must hold a list \"policies\" with at least one policy", null);
    }
    List<RedeliveryPolicy> policies = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (PolicyShape policy : shape.policies) {
      policies.add(checked(file, policy, ids));
    }
    RedeliveryPolicy last = policies.get(policies.size() - 1);
    if (!last.matches("", "")) {
      throw new Fault(
          file, 1, "the last policy must match every mail (message and domain \"*\")", null);
    }
    return new RedeliveryRules(List.copyOf(policies));
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

  public List<RedeliveryPolicy> policies() {
    return policies;
  }

  private static RedeliveryPolicy checked(Path file, PolicyShape policy, Set<String> ids)
      throws Fault {
    String id = policy.id == null ? "" : policy.id;
    try {
      if (id.isBlank() || !ids.add(id)) {
        throw new IllegalArgumentException("id must be given and unique");
      }
      if (policy.because == null || policy.because.isBlank()) {
        throw new IllegalArgumentException("because must say why");
      }
      if (policy.schedule == null || policy.validity == null) {
        throw new IllegalArgumentException("schedule and validity must be given");
      }
      List<RedeliveryPolicy.Step> steps = new ArrayList<>();
      for (StepShape step : policy.schedule) {
        steps.add(
            new RedeliveryPolicy.Step(
                step.attempts, Setting.parseDuration(step.spacing == null ? "" : step.spacing)));
      }
      return new RedeliveryPolicy(
          id,
          policy.message == null ? "*" : policy.message,
          policy.domain == null ? "*" : policy.domain,
          policy.because,
          steps,
          Setting.parseDuration(policy.validity));
    } catch (IllegalArgumentException e) {
      throw new Fault(file, lineOf(file, id), "policy \"" + id + "\": " + e.getMessage(), e);
    }
  }

  /** The line on which a policy's id stands, for the person who has to mend it. */
  private static int lineOf(Path file, String id) {
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (!id.isBlank() && lines.get(i).contains("id:") && lines.get(i).contains(id)) {
          return i + 1;
        }
      }
      return 1;
    } catch (IOException e) {
      // The fault itself is what matters; it is reported without its line.
      return 1;
    }
  }

  /** The file as written. */
  record FileShape(@JsonProperty("policies") @Nullable List<PolicyShape> policies) {}

  /** One policy as written. */
  record PolicyShape(
      @JsonProperty("id") @Nullable String id,
      @JsonProperty("message") @Nullable String message,
      @JsonProperty("domain") @Nullable String domain,
      @JsonProperty("because") @Nullable String because,
      @JsonProperty("schedule") @Nullable List<StepShape> schedule,
      @JsonProperty("validity") @Nullable String validity) {}

  /** One step as written. */
  record StepShape(
      @JsonProperty("attempts") int attempts, @JsonProperty("spacing") @Nullable String spacing) {}
}
