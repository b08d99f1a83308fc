package dev.retour.app;

import dev.retour.config.Settings;
import dev.retour.delivery.DeliveryConfig;
import dev.retour.delivery.Redelivery;
import dev.retour.delivery.RedeliveryRules;
import dev.retour.mail.MailSigner;
import dev.retour.mail.SigningConfig;
import dev.retour.mail.SigningException;
import dev.retour.mail.SigningRules;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.QualificationModule;
import dev.retour.qualification.Qualifier;
import java.nio.file.Path;
import org.apache.camel.support.SimpleRegistry;

/** What people edit in files and what counts as saved; replaced while it runs. */
record Edited(Settings settings, Qualifier qualifier, Redelivery redelivery, MailSigner signer) {

  /**
   * Begins to read all; rules go on loading beside.
   *
   * @param signing what the rules of domains say about it
   * @throws RedeliveryRules.Fault when the redelivery rules have one
   */
  static Edited load(Settings settings, SimpleRegistry beans, SigningRules signing)
      throws RedeliveryRules.Fault {
    return new Edited(
        settings,
        QualificationModule.bind(beans, QualificationConfig.from(settings)),
        new Redelivery(RedeliveryRules.load(DeliveryConfig.from(settings).redeliveryRules())),
        signer(SigningConfig.from(settings), signing));
  }

  /** Waits until all is loaded; a fault ends the start. */
  void requireFaultless() {
    qualifier.rules();
  }

  /** Puts what is changed from now on in force. */
  void watch(Reloader reloader) {
    Path rules = QualificationConfig.from(settings).rules();
    reloader.watch(rules, RulesReload.qualification(rules, qualifier));
    Path timing = DeliveryConfig.from(settings).redeliveryRules();
    reloader.watch(timing, RulesReload.redelivery(timing, redelivery));
    for (Path keys : SigningConfig.from(settings).folders()) {
      reloader.watch(keys, RulesReload.signing(keys, signer));
    }
  }

  /** Signs as settings and rules say; a fault of the keys ends the start. */
  static MailSigner signer(SigningConfig signing, SigningRules rules) {
    try {
      return new MailSigner(signing, rules);
    } catch (SigningException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }
}
