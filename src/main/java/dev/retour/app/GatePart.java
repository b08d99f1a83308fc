package dev.retour.app;

import dev.retour.config.FileFault;
import dev.retour.config.Settings;
import dev.retour.delivery.GateStore;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.ExclusionSources;
import dev.retour.quarantine.ExclusionStore;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRules;
import dev.retour.quarantine.QuarantineConfig;
import dev.retour.store.Sources;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules of the gate in the running process: loaded, proved, watched; and whom they may ask. */
final class GatePart {
  private static final Logger log = LoggerFactory.getLogger(GatePart.class);

  private final Path file;
  private final GateRules rules;
  private final ExclusionSources sources;

  private GatePart(Path file, GateRules rules, ExclusionSources sources) {
    this.file = file;
    this.rules = rules;
    this.sources = sources;
  }

  /**
   * Reads the rules.
   *
   * @throws dev.retour.quarantine.GateRulesException with every fault
   */
  static GatePart load(Settings settings, Sources sources) {
    Path file = settings.get(QuarantineConfig.GATE_RULES);
    return new GatePart(file, GateRules.load(file), new ExclusionStore(sources));
  }

  /** What the gate of an address book works by. */
  Gate.Terms terms() {
    return new Gate.Terms(rules, sources, new GateStore());
  }

  /**
   * What their sources have against the questions of the rules. At a start that is no reason to
   * send nothing at all: only mails of the messages concerned wait.
   */
  List<FileFault> faults() {
    return rules.proved(file.toString(), sources);
  }

  void watch(Reloader reloader, AddressBook addresses) {
    faults().forEach(fault -> log.error("Mails wait for this rule: {}", fault));
    reloader.watch(file, RulesReload.gate(file, addresses.gate()));
  }
}
