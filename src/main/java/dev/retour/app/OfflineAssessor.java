package dev.retour.app;

import dev.retour.bounces.BounceAssessor;
import dev.retour.config.Settings;
import dev.retour.mail.MailConfig;
import dev.retour.mail.ReportReader;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import java.nio.file.Path;

/** The engine's reader and rules, without the engine. */
final class OfflineAssessor {
  private OfflineAssessor() {}

  /**
   * Judges by the rule files of a folder.
   *
   * @throws dev.retour.qualification.RuleSetException with every fault of theirs
   */
  static BounceAssessor of(Path rules, Settings settings) {
    return new BounceAssessor(
        new ReportReader(MailConfig.from(settings)),
        new Qualifier(RuleSet.load(rules), QualificationConfig.from(settings)));
  }
}
