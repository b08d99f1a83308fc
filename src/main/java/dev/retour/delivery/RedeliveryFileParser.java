package dev.retour.delivery;

import dev.retour.config.FileFault;
import dev.retour.config.YamlFields;
import dev.retour.config.YamlFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code redelivery.rules.yaml}; collects all faults instead of stopping at the first. */
final class RedeliveryFileParser {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";
  private static final String DOMAIN = "\\*|(\\*\\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?";

  private final Path file;
  private final List<FileFault> faults = new ArrayList<>();
  private final Map<String, RedeliverySchedule> presets = new HashMap<>();

  RedeliveryFileParser(Path file) {
    this.file = file;
  }

  List<FileFault> faults() {
    return faults;
  }

  Map<String, RedeliverySchedule> presets() {
    return presets;
  }

  /** The policies that could be read; see {@link #faults} for the others. */
  List<RedeliveryPolicy> parse() {
    Optional<Node> root = YamlFile.read(file, faults);
    List<RedeliveryPolicy> policies = new ArrayList<>();
    if (root.isPresent() && root.get() instanceof MappingNode mapping) {
      YamlFields fields = new YamlFields(file.toString(), mapping, faults);
      Set<String> presetIds = new HashSet<>();
      for (Node node : fields.list("presets", 1)) {
        preset(fields.of(node, "A preset"), presetIds);
      }
      Set<String> policyIds = new HashSet<>();
      for (Node node : fields.list("policies", 1)) {
        RedeliveryPolicy policy = policy(fields.of(node, "A policy"), policyIds);
        if (policy != null) {
          refuseUnreachable(policies, policy, node);
          policies.add(policy);
        }
      }
      fields.refuseMissing("policies");
      fields.refuseUnknown();
      refuseGap(policies, fields);
    } else if (faults.isEmpty()) {
      fault(1, "The file must hold a list \"policies\" with at least one policy.");
    }
    return policies;
  }

  private void preset(@Nullable YamlFields fields, Set<String> ids) {
    if (fields == null) {
      return;
    }
    String id = id(fields, ids);
    fields.text("because");
    RedeliverySchedule schedule = schedule(fields, null);
    fields.refuseMissing("id", "because", "schedule", "validity");
    fields.refuseUnknown();
    if (id != null && schedule != null) {
      presets.put(id, schedule);
    }
  }

  private @Nullable RedeliveryPolicy policy(@Nullable YamlFields fields, Set<String> ids) {
    if (fields == null) {
      return null;
    }
    String id = id(fields, ids);
    String message = fields.value("message", text -> matching(text, "\\*|" + NAME, "EVT… or *"));
    String domain =
        fields.value(
            "domain",
            text ->
                matching(text.toLowerCase(Locale.ROOT), DOMAIN, "example.com, *.example.com or *"));
    String because = fields.text("because");
    String preset = fields.text("preset");
    RedeliverySchedule base = preset == null ? null : presets.get(preset);
    if (preset != null && base == null) {
      fields.faultAt("preset", "There is no preset \"" + preset + "\" without a fault above.");
    }
    RedeliverySchedule schedule = schedule(fields, base);
    fields.refuseMissing("id", "because");
    if (preset == null) {
      fields.refuseMissing("schedule", "validity");
    }
    fields.refuseUnknown();
    return id == null || because == null || schedule == null
        ? null
        : new RedeliveryPolicy(
            id, message == null ? "*" : message, domain == null ? "*" : domain, because, schedule);
  }

  private static @Nullable String id(YamlFields fields, Set<String> ids) {
    String id = fields.value("id", text -> matching(text, NAME, "letters, digits, - . _"));
    if (id != null && !ids.add(id)) {
      fields.faultAt("id", "The id \"" + id + "\" is given twice.");
    }
    return id;
  }

  /** What is not given is taken from the preset. */
  private @Nullable RedeliverySchedule schedule(
      YamlFields fields, @Nullable RedeliverySchedule base) {
    int before = faults.size();
    List<RedeliverySchedule.Step> steps = new ArrayList<>();
    for (Node node : fields.list("schedule", 1)) {
      RedeliverySchedule.Step step = step(fields.of(node, "A step"));
      if (step != null) {
        steps.add(step);
      }
    }
    Duration jitter = fields.duration("jitter");
    QuietHours quiet = quietHours(fields.child("quietHours"));
    Duration validity = fields.duration("validity");
    Instant until = fields.value("until", text -> OffsetDateTime.parse(text).toInstant());
    if (base != null) {
      steps = steps.isEmpty() ? base.steps() : steps;
      jitter = jitter == null ? base.jitter() : jitter;
      quiet = quiet == null ? base.quietHours() : quiet;
      validity = validity == null ? base.validity() : validity;
      until = until == null ? base.until() : until;
    }
    if (steps.isEmpty() || validity == null || faults.size() > before) {
      return null;
    }
    try {
      return new RedeliverySchedule(
          steps, jitter == null ? Duration.ZERO : jitter, quiet, validity, until);
    } catch (IllegalArgumentException e) {
      fields.fault(e.getMessage() + ".");
      return null;
    }
  }

  private static RedeliverySchedule.@Nullable Step step(@Nullable YamlFields fields) {
    if (fields == null) {
      return null;
    }
    Integer attempts = fields.value("attempts", RedeliveryFileParser::number);
    Duration spacing = fields.duration("spacing");
    fields.refuseMissing("attempts", "spacing");
    fields.refuseUnknown();
    if (attempts == null || spacing == null) {
      return null;
    }
    try {
      return new RedeliverySchedule.Step(attempts, spacing);
    } catch (IllegalArgumentException e) {
      fields.fault(e.getMessage() + ".");
      return null;
    }
  }

  private static @Nullable QuietHours quietHours(@Nullable YamlFields fields) {
    if (fields == null) {
      return null;
    }
    LocalTime from = fields.value("from", LocalTime::parse);
    LocalTime to = fields.value("to", LocalTime::parse);
    ZoneId zone = fields.value("zone", ZoneId::of);
    fields.refuseMissing("from", "to", "zone");
    fields.refuseUnknown();
    if (from == null || to == null || zone == null) {
      return null;
    }
    try {
      return new QuietHours(from, to, zone);
    } catch (IllegalArgumentException e) {
      fields.fault(e.getMessage() + ".");
      return null;
    }
  }

  private void refuseUnreachable(List<RedeliveryPolicy> above, RedeliveryPolicy policy, Node node) {
    above.stream()
        .filter(RedeliveryPolicy::matchesAll)
        .findFirst()
        .ifPresent(
            all ->
                fault(
                    YamlFields.line(node),
                    "Policy \""
                        + policy.id()
                        + "\" is never asked: \""
                        + all.id()
                        + "\" above it matches every mail."));
  }

  /** Only asked of a file without faults: a policy left out for a fault may be the last one. */
  private void refuseGap(List<RedeliveryPolicy> policies, YamlFields fields) {
    if (faults.isEmpty() && !policies.get(policies.size() - 1).matchesAll()) {
      fields.faultAt(
          "policies", "The last policy must match every mail: message and domain \"*\" or absent.");
    }
  }

  private static String matching(String text, String pattern, String expected) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException("must look like " + expected);
    }
    return text;
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,6}")) {
      throw new IllegalArgumentException("must be a whole number");
    }
    return Integer.parseInt(text);
  }

  private void fault(int line, String text) {
    faults.add(new FileFault(file.toString(), line, text));
  }
}
