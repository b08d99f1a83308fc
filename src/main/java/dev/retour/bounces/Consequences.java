package dev.retour.bounces;

import dev.retour.bounces.Assessment.Judged;
import dev.retour.bounces.Correlation.Match;
import dev.retour.bounces.Correlation.Reached;
import dev.retour.delivery.Failure;
import dev.retour.delivery.Queue;
import dev.retour.delivery.SentPackage;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailKind;
import dev.retour.mail.RecipientReport;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Verdict;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.AddressChange;
import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.Cause;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What a bounce does to the work package and the address it is about (spec B4, B5, B15). */
final class Consequences {
  private static final String UNMATCHED =
      "No mail of ours was found by signed return path or Message-ID: kept and shown, no address"
          + " changed.";

  private static final int SAID_CHARS_MAX = 500;

  private final Queue queue;
  private final AddressBook addresses;

  Consequences(Queue queue, AddressBook addresses) {
    this.queue = queue;
    this.addresses = addresses;
  }

  Consequence of(Handle handle, MailKind kind, long bounce, Judged judged, Match match) {
    SentPackage sent = match.sent();
    Verdict verdict = judged.verdict();
    boolean complaint = kind == MailKind.COMPLAINT && verdict.type() == FailureType.HARD;
    if (sent == null && !match.isBelieved()) {
      return new Consequence(judged, null, UNMATCHED);
    }
    if (!complaint && (kind != MailKind.BOUNCE || verdict.type() == FailureType.IGNORED)) {
      return new Consequence(judged, sent, "Shown only: it is no failure of the address.");
    }
    Cause cause =
        !complaint
            ? Cause.BOUNCE
            : verdict.ruleId().equals(BounceAssessor.OPT_OUT) ? Cause.OPT_OUT : Cause.COMPLAINT;
    if (sent == null) {
      String address = reported(judged);
      return new Consequence(
          judged,
          null,
          "Believed without proof (bounces.trust): "
              + changed(handle, judged, new Barrable(null, address), cause, bounce));
    }
    if (!complaint) {
      String text = judged.diagnostic().text();
      Failure failure = new Failure(verdict.type(), verdict.reason(), text, verdict.ruleId());
      if (!queue.bounced(handle, sent.id(), failure)) {
        return new Consequence(
            judged, sent, "The work package had failed already; nothing is counted twice.");
      }
    }
    return new Consequence(
        judged,
        sent,
        changed(handle, judged, new Barrable(sent.id(), sent.recipientKey()), cause, bounce)
            + forwarded(judged, sent));
  }

  /** Both addresses are shown; that the other one is not ours to change is said. */
  private static String forwarded(Judged judged, SentPackage sent) {
    RecipientReport recipient = judged.recipient();
    return recipient == null || recipient.finalRecipient().key().equals(sent.recipientKey())
        ? ""
        : " The report names " + recipient.finalRecipient().text() + ": probably forwarded.";
  }

  /**
   * A report says that a mail arrived: what was uncertain is settled as sent. Nothing else changes,
   * least of all what has failed.
   */
  void confirmed(Handle handle, long bounce, Reached reached) {
    SentPackage sent = reached.sent();
    RecipientReport recipient = reached.recipient();
    String said =
        "A delivery report says "
            + recipient.action()
            + (recipient.remoteMta() == null ? "" : " by " + recipient.remoteMta())
            + (recipient.diagnostic().isEmpty() ? "" : ": " + recipient.diagnostic());
    String proof = " (bounce " + bounce + ", matched by " + reached.by() + ")";
    String text = said.substring(0, Math.min(SAID_CHARS_MAX, said.length())).replace('\0', ' ');
    if (queue.confirmed(handle, sent.id(), text + proof)) {
      addresses.delivered(handle, sent.recipientKey(), "bounce " + bounce);
    }
  }

  private String changed(Handle handle, Judged judged, Barrable whom, Cause cause, long bounce) {
    Verdict verdict = judged.verdict();
    AddressChange change =
        addresses.apply(
            handle,
            new AddressFailure(
                whom.key(),
                verdict.type(),
                verdict.reason(),
                judged.diagnostic().text(),
                verdict.ruleId(),
                cause,
                "bounce " + bounce,
                whom.about()));
    return change.sentence();
  }

  /**
   * An address that may have to be barred.
   *
   * @param about the mail that failed; null: none of ours was found
   */
  private record Barrable(@Nullable Long about, String key) {}

  /** The address the other system will have written to. */
  private static String reported(Judged judged) {
    RecipientReport recipient = java.util.Objects.requireNonNull(judged.recipient());
    EmailAddress original = recipient.originalRecipient();
    return (original == null ? recipient.finalRecipient() : original).key();
  }
}
