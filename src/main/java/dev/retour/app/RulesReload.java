package dev.retour.app;

import dev.retour.config.ConfigException;
import dev.retour.config.FileFault;
import dev.retour.delivery.Redelivery;
import dev.retour.delivery.RedeliveryRules;
import dev.retour.domains.DomainRulesException;
import dev.retour.domains.Domains;
import dev.retour.domains.DomainsConfig;
import dev.retour.domains.DomainsModule;
import dev.retour.domains.MxRules;
import dev.retour.erp.RotatingSecrets;
import dev.retour.events.ReferenceRulesException;
import dev.retour.events.References;
import dev.retour.mail.MailSigner;
import dev.retour.mail.SigningException;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import dev.retour.qualification.RuleSetException;
import dev.retour.quarantine.Gate;
import dev.retour.quarantine.GateRules;
import dev.retour.quarantine.GateRulesException;
import dev.retour.sandbox.SandboxClock;
import dev.retour.sandbox.SandboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How each kind of edited file is read anew: checked as a whole, then swapped as one object. */
final class RulesReload {
  private RulesReload() {}

  static Reloadable qualification(Path folder, Qualifier qualifier) {
    return part(
        "qualification rules",
        () -> {
          try {
            qualifier.replace(RuleSet.load(folder));
          } catch (RuleSetException e) {
            throw new ReloadFaultException(
                e.faults().stream()
                    .map(fault -> new Fault(fault.file(), fault.line(), fault.text()))
                    .toList());
          }
        });
  }

  static Reloadable redelivery(Path file, Redelivery redelivery) {
    return part(
        "redelivery rules",
        () -> {
          try {
            redelivery.replace(RedeliveryRules.load(file));
          } catch (RedeliveryRules.Fault e) {
            throw new ReloadFaultException(
                e.faults().stream()
                    .map(fault -> new Fault(fault.file(), fault.line(), fault.text()))
                    .toList());
          }
        });
  }

  static Reloadable signing(Path folder, MailSigner signer) {
    return part(
        "signing keys",
        () -> {
          try {
            signer.reload();
          } catch (SigningException e) {
            throw new ReloadFaultException(
                List.of(new Fault(folder.toString(), 1, String.valueOf(e.getMessage()))));
          }
        });
  }

  /**
   * @param replaced is run when the rules were replaced
   */
  static Reloadable domains(DomainsConfig config, Domains domains, Runnable replaced) {
    return part(
        "domain rules",
        () -> {
          try {
            domains.replace(DomainsModule.rules(config, System.getenv()));
            replaced.run();
          } catch (DomainRulesException e) {
            throw refused(e);
          }
        });
  }

  static Reloadable mx(DomainsConfig config, Domains domains) {
    return part(
        "MX rules",
        () -> {
          try {
            domains.replace(MxRules.load(config.mxRules()));
          } catch (DomainRulesException e) {
            throw refused(e);
          }
        });
  }

  /** A file that vanishes puts no rule out of force: that would let pass what was kept back. */
  static Reloadable gate(Path file, Gate gate) {
    return part(
        "exclusion rules",
        () -> {
          if (Files.notExists(file) && gate.rules().size() > 0) {
            throw new ReloadFaultException(
                List.of(
                    new Fault(file.toString(), 1, "The file is gone; put an empty one there.")));
          }
          GateRules rules;
          List<FileFault> faults;
          try {
            rules = GateRules.load(file);
            faults = gate.proved(file.toString(), rules);
          } catch (GateRulesException e) {
            rules = GateRules.NONE;
            faults = e.faults();
          }
          if (!faults.isEmpty()) {
            throw new ReloadFaultException(
                faults.stream()
                    .map(fault -> new Fault(fault.file(), fault.line(), fault.text()))
                    .toList());
          }
          gate.replace(rules);
        });
  }

  private static ReloadFaultException refused(DomainRulesException e) {
    return new ReloadFaultException(
        e.faults().stream()
            .map(fault -> new Fault(fault.file(), fault.line(), fault.text()))
            .toList());
  }

  static Reloadable attachments(References references, Path file) {
    return part(
        "attachment stores",
        () -> {
          try {
            references.reload(file);
          } catch (ReferenceRulesException e) {
            throw new ReloadFaultException(
                e.faults().stream()
                    .map(fault -> new Fault(fault.file(), fault.line(), fault.text()))
                    .toList());
          }
        });
  }

  static Reloadable sandboxClock(SandboxClock clock, Path file) {
    return part(
        "sandbox clock",
        () -> {
          try {
            clock.refresh();
          } catch (SandboxException e) {
            throw new ReloadFaultException(
                List.of(new Fault(file.toString(), 1, String.valueOf(e.getMessage()))));
          }
        });
  }

  /** What cannot be read is said of the file it is looked for in; it never shows a secret. */
  static Reloadable callbackSecrets(RotatingSecrets secrets, Path file) {
    return part(
        "callback secrets",
        () -> {
          try {
            secrets.reload();
          } catch (ConfigException e) {
            throw new ReloadFaultException(
                List.of(new Fault(file.toString(), 1, String.valueOf(e.getMessage()))));
          }
        });
  }

  private interface Reading {
    void read() throws ReloadFaultException;
  }

  private static Reloadable part(String name, Reading reading) {
    return new Reloadable() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void reload() throws ReloadFaultException {
        reading.read();
      }
    };
  }
}
