package dev.retour.bounces;

import dev.retour.mail.MailReport;
import dev.retour.mail.RecipientReport;
import dev.retour.qualification.Diagnostic;
import dev.retour.qualification.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a mail says, qualified: the same for the running engine and for {@code retour qualify}.
 *
 * @param judged one entry per recipient the mail is about; for a bounce that names none, one
 *     without a recipient
 */
public record Assessment(MailReport report, List<Judged> judged, Folder folder) {
  /** Copies the list. */
  public Assessment {
    judged = List.copyOf(judged);
  }

  /**
   * One recipient and what the failure means.
   *
   * @param diagnostic what the rules looked at
   */
  public record Judged(
      @Nullable RecipientReport recipient, Diagnostic diagnostic, Verdict verdict) {}
}
