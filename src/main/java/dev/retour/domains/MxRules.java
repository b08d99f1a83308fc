package dev.retour.domains;

import dev.retour.config.YamlFields;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of {@code rules/mx.rules.yaml}: the first whose mask fits the MX host decides. */
public final class MxRules {
  private static final int CONNECTIONS_MAX = 1_000;
  private static final int MESSAGES_MAX = 100_000;
  private static final int PER_HOUR_MAX = 100_000_000;
  private static final Duration TIME_MIN = Duration.ofSeconds(1);
  private static final Duration TIME_MAX = Duration.ofHours(1);

  private final List<MxRule> rules;

  private MxRules(List<MxRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Reads and checks the file.
   *
   * @throws DomainRulesException with every fault
   */
  public static MxRules load(Path path) {
    RuleFile file = RuleFile.read(path);
    List<MxRule> rules = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (YamlFields fields : file.rules()) {
      List<String> masks = List.copyOf(RuleValues.masks(fields, "mx").keySet());
      for (String mask : masks) {
        if (!seen.add(mask)) {
          fields.faultAt("mx", "\"" + mask + "\" has a rule already, which comes first.");
        } else if (seen.contains("*") && !mask.equals("*")) {
          fields.faultAt("mx", "\"" + mask + "\" is never asked: \"*\" stands before it.");
        }
      }
      rules.add(rule(masks, fields));
      fields.refuseUnknown();
    }
    if (!seen.contains("*") && !file.rules().isEmpty()) {
      file.fault(0, "The last rule must be for \"*\".");
    }
    file.refuseFaults();
    return new MxRules(rules);
  }

  /** The rule for a mail exchanger. */
  public MxRule ruleFor(String host) {
    for (MxRule rule : rules) {
      if (rule.isFor(host)) {
        return rule;
      }
    }
    throw new IllegalStateException("The last rule is for every host; see load().");
  }

  public List<MxRule> rules() {
    return rules;
  }

  private static MxRule rule(List<String> masks, YamlFields fields) {
    String because = fields.required("because");
    MxRule.Per per = fields.choice("per", MxRule.Per.HOST);
    int connections = fields.number("connections", 1, CONNECTIONS_MAX, null);
    int perConnection = fields.number("messages-per-connection", 1, MESSAGES_MAX, null);
    int perHour =
        fields.has("messages-per-hour") && !"unlimited".equals(fields.text("messages-per-hour"))
            ? fields.number("messages-per-hour", 1, PER_HOUR_MAX, null)
            : 0;
    // RFC 5321 section 4.5.3.2: 5 minutes for most answers, 10 for the one to the final dot.
    MxRule.Timeouts byDefault =
        new MxRule.Timeouts(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofMinutes(10));
    YamlFields time = fields.child("timeouts");
    MxRule.Timeouts timeouts = byDefault;
    if (time != null) {
      timeouts =
          new MxRule.Timeouts(
              RuleValues.duration(time, "connect", TIME_MIN, TIME_MAX, byDefault.connect()),
              RuleValues.duration(time, "answer", TIME_MIN, TIME_MAX, byDefault.answer()),
              RuleValues.duration(time, "data", TIME_MIN, TIME_MAX, byDefault.data()));
      time.refuseUnknown();
    }
    TlsMode tls =
        "default".equals(fields.text("tls"))
            ? TlsMode.OPPORTUNISTIC
            : fields.choice("tls", TlsMode.OPPORTUNISTIC);
    if (tls == TlsMode.IMPLICIT) {
      fields.faultAt("tls", "Mail exchangers listen on port 25: implicit is for relays only.");
    }
    return new MxRule(masks, because, per, connections, perConnection, perHour, timeouts, tls);
  }
}
