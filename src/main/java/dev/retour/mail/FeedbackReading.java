package dev.retour.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Complaints: feedback reports (RFC 5965) and the forms older than it. */
final class FeedbackReading {
  private static final List<String> RECIPIENT_FIELDS =
      List.of("original-rcpt-to", "x-hmxmroriginalrecipient", "removal-recipient");

  private final Entity mail;
  private final @Nullable Fields returned;
  private final MailConfig limits;

  FeedbackReading(Entity mail, @Nullable Fields returned, MailConfig limits) {
    this.mail = mail;
    this.returned = returned;
    this.limits = limits;
  }

  /**
   * A complaint.
   *
   * @param details of the report
   * @param recipients who complained, as far as the report says
   * @param evidence what it was recognised by
   */
  record Reading(Complaint details, List<RecipientReport> recipients, String evidence) {}

  /** The machine-readable report, or null when the mail carries none. */
  @Nullable Reading report() {
    for (Entity part : mail.own()) {
      boolean text = part.type.startsWith("text/") || part.type.startsWith("multipart/");
      boolean bare = text && part.body.regionMatches(true, 0, "feedback-type:", 0, 14);
      if (part.isFeedbackReport() || bare) {
        Fields fields = Fields.parse(part.body, limits.headersMax(), limits.headerBytesMax());
        return of(fields, "Feedback report part (RFC 5965).");
      }
    }
    String type = mail.fields.lower("content-type");
    if (type.contains("feedback-report")) {
      return of(new Fields(), "Content-Type announces a feedback report.");
    }
    boolean xarf = mail.fields.has("x-xarf") || mail.fields.has("x-arf");
    return xarf ? of(new Fields(), "An abuse report (X-ARF).") : null;
  }

  /** A complaint or opt-out recognised by its words, or null. */
  @Nullable Reading words(Map<Phrases.Sign, String> subject, Map<Phrases.Sign, String> text) {
    String words = subject.get(Phrases.Sign.COMPLAINT_SUBJECT);
    if (words != null && (returned != null || text.containsKey(Phrases.Sign.COMPLAINT_TEXT))) {
      return of(new Fields(), "The subject says \"" + words + "\".");
    }
    String reported = text.get(Phrases.Sign.COMPLAINT_TEXT);
    boolean refused = // "550 blocked due to spam complaints" is a server's answer to us
        subject.containsKey(Phrases.Sign.FAILURE_SUBJECT)
            || text.containsKey(Phrases.Sign.FAILURE_TEXT);
    if (reported != null && returned != null && !refused) {
      return of(new Fields(), "The text says \"" + reported + "\".");
    }
    String bare = mail.fields.lower("subject");
    boolean automatic = mail.fields.lower("auto-submitted").startsWith("auto-");
    String optOut = text.get(Phrases.Sign.OPT_OUT);
    if (bare.equals("unsubscribe") && (automatic || optOut != null || returned == null)) {
      Fields fields = new Fields();
      fields.add("feedback-type", "opt-out");
      return of(fields, "An unsubscription by mail.");
    }
    return null;
  }

  private Reading of(Fields report, String evidence) {
    String type = DiagnosticText.oneLine(report.lower("feedback-type"));
    List<String> domains = new ArrayList<>();
    for (String domain : report.all("reported-domain")) {
      if (domains.size() < limits.recipientsMax()) {
        domains.add(DiagnosticText.oneLine(domain).toLowerCase(Locale.ROOT));
      }
    }
    Complaint complaint =
        new Complaint(
            type.isEmpty() ? "abuse" : type,
            text(report.first("original-mail-from")),
            text(report.first("source-ip")),
            domains,
            text(report.first("user-agent")));
    Map<String, RecipientReport> recipients = new LinkedHashMap<>();
    boolean authFailure = complaint.isAuthFailure();
    for (EmailAddress address : whom(report)) {
      recipients.putIfAbsent(address.key(), recipient(address, report, authFailure));
    }
    return new Reading(complaint, List.copyOf(recipients.values()), evidence);
  }

  private List<EmailAddress> whom(Fields report) {
    List<EmailAddress> whom = new ArrayList<>();
    for (String name : RECIPIENT_FIELDS) {
      report.collect(name, whom, limits.recipientsMax());
    }
    if (whom.isEmpty() && returned != null) {
      for (String name : List.of("x-hmxmroriginalrecipient", "delivered-to", "to")) {
        if (whom.isEmpty()) {
          returned.collect(name, whom, limits.recipientsMax());
        }
      }
    }
    return whom;
  }

  private static RecipientReport recipient(
      EmailAddress address, Fields report, boolean authFailure) {
    String action = authFailure ? "reported" : "complained";
    String mta = StatusReading.host(report.first("reporting-mta"));
    return new RecipientReport(address, null, action, null, null, "", null, mta, "feedback-report");
  }

  private static @Nullable String text(@Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String bare = DiagnosticText.oneLine(value);
    return bare.startsWith("<") && bare.endsWith(">") ? bare.substring(1, bare.length() - 1) : bare;
  }
}
