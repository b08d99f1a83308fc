package dev.retour.domains;

import dev.retour.config.Secret;
import dev.retour.config.Secrets;
import dev.retour.config.YamlFields;
import dev.retour.mail.DomainName;
import dev.retour.mail.SigningRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code rules/domains.rules.yaml}. Collects faults instead of stopping at the first. */
final class DomainRuleParser {
  private static final int SMTP_PORT = 25;
  private static final int PORT_MAX = 65_535;
  private static final int MESSAGES_MAX = 10_000_000;
  private static final int PROBES_MAX = 10_000;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration PAUSE_MAX = Duration.ofDays(30);

  private final RuleFile file;
  private final Secrets secrets;
  private final SigningParser signing;

  DomainRuleParser(RuleFile file, Secrets secrets) {
    this.file = file;
    this.secrets = secrets;
    this.signing = new SigningParser(secrets);
  }

  DomainRules parse() {
    Map<YamlFields, List<String>> masks = masks();
    DomainRule general = null;
    for (YamlFields rule : file.rules()) {
      if (masks.getOrDefault(rule, List.of()).contains("*")) {
        general = rule(rule, List.of("*"), null);
        if (masks.getOrDefault(rule, List.of()).size() > 1) {
          rule.faultAt("domains", "The rule for \"*\" is for nothing else.");
        }
      }
    }
    if (general == null && !file.rules().isEmpty()) {
      file.fault(0, "There is no rule for \"*\", which all other domains need.");
    }
    List<DomainRule> rules = new ArrayList<>();
    for (YamlFields rule : file.rules()) {
      List<String> own = masks.getOrDefault(rule, List.of());
      if (!own.contains("*")) {
        rules.add(rule(rule, own, general));
      }
    }
    file.refuseFaults();
    if (general != null) {
      rules.add(general);
    }
    return new DomainRules(rules, signing.keyFiles());
  }

  /** The masks of each rule; one that two rules claim would leave open which of them holds. */
  private Map<YamlFields, List<String>> masks() {
    Map<YamlFields, List<String>> all = new HashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    for (YamlFields rule : file.rules()) {
      Map<String, Node> masks = RuleValues.masks(rule, "domains");
      all.put(rule, List.copyOf(masks.keySet()));
      masks.forEach(
          (mask, node) -> {
            Integer first = lines.putIfAbsent(mask, YamlFields.line(node));
            if (first != null) {
              rule.fault(node, "\"" + mask + "\" has a rule already, in line " + first + ".");
            }
          });
    }
    return all;
  }

  private DomainRule rule(YamlFields rule, List<String> masks, @Nullable DomainRule general) {
    String because = rule.required("because");
    SuspensionPolicy suspension = suspension(rule, general == null ? null : general.suspension());
    Via via = rule.has("relay") ? via(rule) : general == null ? new Via.Smarthost() : general.via();
    TlsMode tls = tls(rule, general == null ? null : general.tls());
    SigningRules.Wish wish =
        rule.has("sign")
            ? signing.wish(rule)
            : general == null ? SigningRules.Wish.AS_SET : general.signing();
    String redirect = rule.text("redirect");
    if (redirect != null && !redirect.matches("[^@\\s<>,;:]{1,64}@[A-Za-z0-9.-]{1,253}")) {
      rule.faultAt("redirect", "\"redirect\" must be one address, such as test@example.com.");
    }
    if (redirect == null && general != null) {
      redirect = general.redirect();
    }
    rule.refuseUnknown();
    return new DomainRule(masks, because, suspension, via, tls, wish, redirect);
  }

  private static SuspensionPolicy suspension(YamlFields rule, @Nullable SuspensionPolicy general) {
    YamlFields own = rule.child("suspension");
    if (own == null) {
      if (general != null) {
        return general;
      }
      if (!rule.has("suspension")) {
        rule.fault("The rule for \"*\" needs \"suspension\".");
      }
      return new SuspensionPolicy(SECOND, 1, 100, SECOND, 1, SECOND);
    }
    SuspensionPolicy policy =
        new SuspensionPolicy(
            RuleValues.duration(
                own,
                "window",
                Duration.ofMinutes(5),
                DAY,
                general == null ? null : general.window()),
            own.number("messages", 1, MESSAGES_MAX, general == null ? null : general.messages()),
            RuleValues.percent(own, "errors", general == null ? null : general.errorPercent()),
            RuleValues.duration(
                own, "pause", SECOND, PAUSE_MAX, general == null ? null : general.pause()),
            own.number("probes", 1, PROBES_MAX, general == null ? null : general.probes()),
            RuleValues.duration(own, "ramp", SECOND, DAY, general == null ? null : general.ramp()));
    own.refuseUnknown();
    return policy;
  }

  private Via via(YamlFields rule) {
    if (rule.isText("relay")) {
      String word = rule.text("relay");
      if ("direct".equals(word)) {
        return new Via.Direct();
      }
      if (!"smarthost".equals(word)) {
        rule.faultAt(
            "relay",
            "\"relay\" must be direct (to the domain's own servers), smarthost (smtp.host of the"
                + " settings), or a mapping with host.");
      }
      return new Via.Smarthost();
    }
    YamlFields relay = rule.child("relay");
    if (relay == null) {
      return new Via.Smarthost();
    }
    String written = relay.required("host");
    String host = DomainName.ascii(written).orElse(written);
    if (!host.isEmpty() && !host.matches("[A-Za-z0-9.:_-]{1,253}")) {
      relay.faultAt("host", "\"host\" must be a host name or an address.");
    }
    int port = relay.number("port", 1, PORT_MAX, SMTP_PORT);
    TlsMode tls = relay.choice("tls", TlsMode.OPPORTUNISTIC);
    String user = relay.text("user");
    Secret password = secrets.password(relay, "password");
    if ((user == null) == relay.has("password")) {
      relay.fault("\"user\" and \"password\" need each other.");
    }
    relay.refuseUnknown();
    return new Via.Relay(host, port, tls, user == null ? "" : user, password);
  }

  private static @Nullable TlsMode tls(YamlFields rule, @Nullable TlsMode general) {
    if (!rule.has("tls")) {
      return general;
    }
    if ("default".equals(rule.text("tls"))) {
      return null;
    }
    return rule.choice("tls", TlsMode.OPPORTUNISTIC);
  }
}
