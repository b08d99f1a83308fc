package dev.retour.domains;

import dev.retour.config.Secrets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The rules of {@code rules/domains.rules.yaml}: the most specific mask decides, whatever the order
 * in the file; {@code *} is for all other domains.
 */
public final class DomainRules {
  private final List<DomainRule> rules;
  private final Map<String, DomainRule> exact = new HashMap<>();
  private final List<Masked> masked = new ArrayList<>();

  private record Masked(Mask mask, DomainRule rule) {}

  private final Set<Path> keyFiles;

  DomainRules(List<DomainRule> rules, Set<Path> keyFiles) {
    this.rules = List.copyOf(rules);
    this.keyFiles = Set.copyOf(keyFiles);
    for (DomainRule rule : rules) {
      for (String text : rule.masks()) {
        Mask mask = new Mask(text);
        if (mask.isExact()) {
          exact.put(text, rule);
        } else {
          masked.add(new Masked(mask, rule));
        }
      }
    }
    masked.sort(Comparator.comparingInt((Masked each) -> each.mask().literals()).reversed());
  }

  /**
   * Reads and checks the file.
   *
   * @param folder what relative paths of keys and password files are below
   * @param env for passwords
   * @throws DomainRulesException with every fault
   */
  public static DomainRules load(Path file, Path folder, Map<String, String> env) {
    return new DomainRuleParser(RuleFile.read(file), new Secrets(folder, env)).parse();
  }

  /** The rule for a domain. */
  public DomainRule ruleFor(String domain) {
    String name = domain.toLowerCase(Locale.ROOT);
    DomainRule named = exact.get(name);
    if (named != null) {
      return named;
    }
    for (Masked each : masked) {
      if (each.mask().matches(name)) {
        return each.rule();
      }
    }
    throw new IllegalStateException("Rule * matches every domain; see DomainRuleParser.");
  }

  /** Files and folders of keys the rules name; when one changes, the rules are read anew. */
  public Set<Path> keyFiles() {
    return keyFiles;
  }

  public List<DomainRule> rules() {
    return rules;
  }
}
