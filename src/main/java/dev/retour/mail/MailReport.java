package dev.retour.mail;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is understood of one incoming mail.
 *
 * @param kind what it is
 * @param subject decoded subject, bounded; empty when there is none
 * @param from first author address, or null ({@code From: <>} too)
 * @param messageId its own Message-ID without angle brackets, or null
 * @param deliveredTo every address this mail was addressed or delivered to, in the order To, Cc,
 *     trace fields; one of them may carry our signed token
 * @param original what is known of the mail this one is about
 * @param recipients each once: of a bounce those that failed (never one that is merely delayed), of
 *     a delay notice those that are late, of a complaint those that complained
 * @param delivered those the report says were reached
 * @param complaint details when {@code kind} is {@link MailKind#COMPLAINT}, else null
 * @param notice the human-readable text without the returned mail, bounded
 * @param evidence what the decision rests on, one sentence each, in the order it was found
 * @param fault what of the mail was not read and why, a sentence for each limit it exceeds, or null
 *     when it was read whole; all else in the report holds for the part that was read
 */
public record MailReport(
    MailKind kind,
    String subject,
    @Nullable EmailAddress from,
    @Nullable String messageId,
    List<EmailAddress> deliveredTo,
    Original original,
    List<RecipientReport> recipients,
    List<RecipientReport> delivered,
    @Nullable Complaint complaint,
    String notice,
    List<String> evidence,
    @Nullable String fault) {

  public MailReport {
    deliveredTo = List.copyOf(deliveredTo);
    recipients = List.copyOf(recipients);
    delivered = List.copyOf(delivered);
    evidence = List.copyOf(evidence);
  }

  /** Message-ID of the returned mail without angle brackets, or null. */
  public @Nullable String originalMessageId() {
    return original.messageId();
  }

  /**
   * What the report shows of the mail it is about.
   *
   * @param messageId its Message-ID without angle brackets, or null
   * @param returnPath its envelope sender, which may carry our signed token, or null
   * @param recipients addresses of its To field
   */
  public record Original(
      @Nullable String messageId,
      @Nullable EmailAddress returnPath,
      List<EmailAddress> recipients) {
    static final Original UNKNOWN = new Original(null, null, List.of());

    public Original {
      recipients = List.copyOf(recipients);
    }
  }
}
