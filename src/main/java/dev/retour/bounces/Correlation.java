package dev.retour.bounces;

import dev.retour.bounces.Assessment.Judged;
import dev.retour.delivery.Queue;
import dev.retour.delivery.SentPackage;
import dev.retour.mail.Complaint;
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
  /** Strangers write these lists; each entry costs a look into the database. */
  private static final int ADDRESSES_MAX = 100;

  private static final Match UNMATCHED = new Match("unmatched", null);

  private static final Match UNSIGNED = new Match("unsigned", null);

  private final Queue queue;
  private final ReturnPath returnPath;
  private final BouncesConfig.Trust trust;

  Correlation(Queue queue, ReturnPath returnPath, BouncesConfig.Trust trust) {
    this.queue = queue;
    this.returnPath = returnPath;
    this.trust = trust;
  }

  /**
   * What a mail is matched to.
   *
   * @param by token, message-id, unsigned or unmatched, as in {@code bounce.correlation}
   */
  record Match(String by, @Nullable SentPackage sent) {
    /** Whether it shall change an address although nothing proves it. */
    boolean isBelieved() {
      return by.equals("unsigned");
    }
  }

  /**
   * What each judged recipient is matched to, in their order. A mail of ours has one recipient, so
   * at most one of the report's is about it: the one that bears its address, else (it was
   * forwarded) the first.
   */
  List<Match> match(Assessment assessment, Instant now) {
    MailReport report = assessment.report();
    Optional<SentPackage> signed = byToken(report, now);
    List<Match> matches = new ArrayList<>();
    for (Judged judged : assessment.judged()) {
      matches.add(named(report, judged.recipient(), signed));
    }
    if (!matches.isEmpty() && matches.stream().allMatch(match -> match.sent() == null)) {
      matches.set(
          0,
          signed
              .map(sent -> new Match("token", sent))
              .orElseGet(() -> byMessageId(report, report.original().recipients())));
    }
    if (trust == BouncesConfig.Trust.UNSIGNED
        && matches.stream().allMatch(match -> match.sent() == null)
        && report.deliveredTo().stream().noneMatch(to -> returnPath.isSigned(to.text()))) {
      matches.clear();
      for (Judged judged : assessment.judged()) {
        matches.add(judged.recipient() == null ? UNMATCHED : UNSIGNED);
      }
    }
    return matches;
  }

  /**
   * What of ours a report says has arrived: named by our signed return path or by Message-ID, each
   * together with the recipient it was sent to. Nobody else's word settles anything.
   */
  List<Reached> reached(MailReport report, Instant now) {
    List<Reached> reached = new ArrayList<>();
    if (report.delivered().isEmpty()) {
      return reached;
    }
    Optional<SentPackage> signed = byToken(report, now);
    for (RecipientReport recipient : report.delivered()) {
      Match match = named(report, recipient, signed);
      if (match.sent() != null) {
        reached.add(new Reached(match.by(), match.sent(), recipient));
      }
    }
    if (reached.isEmpty() && report.recipients().isEmpty() && report.delivered().size() == 1) {
      // Forwarded: a mail of ours has one recipient, so its token can mean no other.
      signed.ifPresent(sent -> reached.add(new Reached("token", sent, report.delivered().get(0))));
    }
    return reached;
  }

  /** A recipient that was reached, and the package that is about. */
  record Reached(String by, SentPackage sent, RecipientReport recipient) {}

  private Match named(
      MailReport report, @Nullable RecipientReport recipient, Optional<SentPackage> signed) {
    if (recipient == null) {
      return UNMATCHED;
    }
    List<EmailAddress> names = new ArrayList<>(List.of(recipient.finalRecipient()));
    Optional.ofNullable(recipient.originalRecipient()).ifPresent(names::add);
    if (signed.isEmpty()) {
      return byMessageId(report, names);
    }
    return names.stream().anyMatch(name -> name.key().equals(signed.get().recipientKey()))
        ? new Match("token", signed.get())
        : UNMATCHED;
  }

  // Looked for where the mail was delivered to, and in what it returns: a complaint comes to an
  // address other than the envelope sender it quotes.
  private Optional<SentPackage> byToken(MailReport report, Instant now) {
    List<EmailAddress> addresses = new ArrayList<>(report.deliveredTo());
    Optional.ofNullable(report.original().returnPath()).ifPresent(addresses::add);
    Optional.ofNullable(report.complaint())
        .map(Complaint::originalMailFrom)
        .flatMap(EmailAddress::parse)
        .ifPresent(addresses::add);
    return addresses.stream()
        .limit(ADDRESSES_MAX)
        .flatMap(address -> returnPath.verify(address.text(), now).stream())
        .flatMap(id -> queue.byPackage(id).stream())
        .findFirst();
  }

  private Match byMessageId(MailReport report, List<EmailAddress> recipients) {
    String messageId = report.originalMessageId();
    if (messageId == null) {
      return UNMATCHED;
    }
    return recipients.stream()
        .limit(ADDRESSES_MAX)
        .flatMap(each -> queue.byMessageId("<" + messageId + ">", each.key()).stream())
        .findFirst()
        .map(sent -> new Match("message-id", sent))
        .orElse(UNMATCHED);
  }
}
