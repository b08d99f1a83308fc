package dev.retour.bounces;

import dev.retour.bounces.Assessment.Judged;
import dev.retour.delivery.Queue;
import dev.retour.delivery.SentPackage;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailReport;
import dev.retour.mail.RecipientReport;
import dev.retour.mail.ReturnPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the work package a mail is about, by evidence that a stranger cannot make up: our signed
 * return path, else a Message-ID of ours together with a recipient it was sent to.
 */
final class Correlation {
  private final Queue queue;
  private final ReturnPath returnPath;

  Correlation(Queue queue, ReturnPath returnPath) {
    this.queue = queue;
    this.returnPath = returnPath;
  }

  /**
   * What a mail is matched to.
   *
   * @param by token, message-id or unmatched, as in {@code bounce.correlation}
   */
  record Match(String by, @Nullable SentPackage sent) {}

  /** Looks for the signed token in every address the mail was sent to, and in what it returns. */
  Match byToken(MailReport report, Instant now) {
    List<EmailAddress> addresses = new ArrayList<>(report.deliveredTo());
    EmailAddress original = report.original().returnPath();
    if (original != null) {
      addresses.add(original);
    }
    for (EmailAddress address : addresses) {
      Optional<SentPackage> sent = returnPath.verify(address.text(), now).flatMap(queue::byPackage);
      if (sent.isPresent()) {
        return new Match("token", sent.get());
      }
    }
    return new Match("unmatched", null);
  }

  /** The package of one recipient, when no token was found. */
  Match byMessageId(MailReport report, Judged judged) {
    String messageId = report.originalMessageId();
    if (messageId != null) {
      for (EmailAddress candidate : candidates(report, judged.recipient())) {
        Optional<SentPackage> sent = queue.byMessageId("<" + messageId + ">", candidate.key());
        if (sent.isPresent()) {
          return new Match("message-id", sent.get());
        }
      }
    }
    return new Match("unmatched", null);
  }

  private static List<EmailAddress> candidates(
      MailReport report, @Nullable RecipientReport recipient) {
    List<EmailAddress> candidates = new ArrayList<>();
    if (recipient != null) {
      candidates.add(recipient.finalRecipient());
      if (recipient.originalRecipient() != null) {
        candidates.add(recipient.originalRecipient());
      }
    }
    candidates.addAll(report.original().recipients());
    return candidates;
  }
}
