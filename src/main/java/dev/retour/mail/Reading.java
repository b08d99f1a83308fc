package dev.retour.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Weighs the evidence of one mail, the surest first. */
final class Reading {
  private static final int SUBJECT_MAX = 1_000;
  private static final String[] WRITERS = {"from", "return-path", "reply-to", "sender"};

  private final Entity mail;
  private final MailConfig configured;
  private final MailConfig limits;
  private final Unread unread;
  private final Notice notice;
  private final String text;
  private final Hints hints;
  private final List<EmailAddress> deliveredTo = new ArrayList<>();
  private final List<String> evidence = new ArrayList<>();
  private List<RecipientReport> recipients = List.of();
  private List<RecipientReport> delivered = List.of();
  private @Nullable Complaint complaint;
  private @Nullable List<EmailAddress> named;
  private @Nullable String originalId;
  private MailReport.@Nullable Original original;

  Reading(Entity mail, MailConfig configured, Unread unread) {
    this.mail = mail;
    this.configured = configured;
    this.limits = configured.lookingOneFurther();
    this.unread = unread;
    this.notice = Notice.of(mail, limits);
    this.text = notice.text();
    String subject =
        DiagnosticText.oneLine(
            TextDecoder.words(Objects.requireNonNullElse(mail.fields.first("subject"), "")));
    this.hints =
        new Hints(
            mail.fields,
            subject.substring(0, Math.min(SUBJECT_MAX, subject.length())),
            text,
            limits.noticeCharsMax());
    for (String name : Hints.ADDRESSED) {
      mail.fields.collect(name, deliveredTo, limits.recipientsMax());
    }
  }

  MailReport report() {
    MailKind kind = kind();
    boolean silent = kind == MailKind.OTHER || isCoverOnly(kind);
    if (silent && complaint == null && delivered.isEmpty()) {
      Reading enclosed = enclosedReport();
      if (enclosed != null) {
        MailReport inner = enclosed.report();
        if (inner.kind() == MailKind.BOUNCE || inner.kind() == MailKind.DELAYED) {
          return forwarded(inner);
        }
      }
    }
    return new MailReport(
        kind,
        hints.subject,
        mail.fields.address("from"),
        mail.fields.messageId("message-id"),
        bounded(deliveredTo),
        original(),
        bounded(recipients),
        bounded(delivered),
        complaint,
        text,
        evidence,
        unread.fault());
  }

  private <T> List<T> bounded(List<T> all) {
    int max = configured.recipientsMax();
    if (all.size() <= max) {
      return all;
    }
    unread.tell("Only the first " + max + " recipients were taken over.");
    return all.subList(0, max);
  }

  private MailReport forwarded(MailReport inner) {
    List<String> why = new ArrayList<>(List.of("The report is enclosed in a forwarding mail."));
    why.addAll(inner.evidence());
    Set<EmailAddress> to = new LinkedHashSet<>(deliveredTo);
    to.addAll(inner.deliveredTo());
    return new MailReport(
        inner.kind(),
        hints.subject,
        mail.fields.address("from"),
        mail.fields.messageId("message-id"),
        bounded(List.copyOf(to)),
        inner.original(),
        inner.recipients(),
        inner.delivered(),
        null,
        inner.notice(),
        why,
        unread.fault());
  }

  /** Whether a mail system wrote a few words around something and named nobody in them. */
  private boolean isCoverOnly(MailKind kind) {
    return kind == MailKind.BOUNCE
        && mail.returned() != null
        && recipients.stream().allMatch(one -> one.evidence().equals("text"))
        && SmtpCodes.status(text) == null
        && NoticeRecipients.read(notice.lines(), Set.of(), 1).recipients().isEmpty();
  }

  /** An enclosed mail that is a delivery report by its structure. */
  private @Nullable Reading enclosedReport() {
    Entity enclosed = mail.returned();
    if (enclosed == null || enclosed.children.isEmpty()) {
      return null;
    }
    Entity inner = enclosed.children.get(0);
    boolean report =
        inner.own().stream().anyMatch(Entity::isDeliveryStatus)
            || inner.fields.has("x-failed-recipients");
    return report ? new Reading(inner, configured, unread) : null;
  }

  private MailKind kind() {
    ProviderNotification provider = ProviderNotification.read(text, limits.recipientsMax());
    if (provider != null) {
      evidence.add("A sending service's notification as JSON.");
      recipients = provider.recipients();
      originalId = provider.messageId();
      if (provider.kind() == MailKind.COMPLAINT) {
        complaint = new Complaint(provider.feedbackType(), null, null, List.of(), null);
      }
      return provider.kind();
    }
    FeedbackReading feedback = new FeedbackReading(mail, notice.returned(), limits);
    FeedbackReading.Reading report = feedback.report();
    if (report != null) {
      return complained(report);
    }
    WordReading words = new WordReading(mail, notice, text, hints, this);
    MailKind disposition = words.byDisposition();
    if (disposition != null) {
      return disposition;
    }
    MailKind byStatus = byDeliveryStatus();
    if (byStatus != null) {
      return byStatus;
    }
    report = feedback.words(hints.inSubject, hints.inText());
    if (report != null) {
      return complained(report);
    }
    return words.kind();
  }

  private MailKind complained(FeedbackReading.Reading report) {
    evidence.add(report.evidence());
    complaint = report.details();
    recipients = report.recipients();
    return MailKind.COMPLAINT;
  }

  private @Nullable MailKind byDeliveryStatus() {
    DeliveryStatus status = findStatus();
    if (status == null || status.recipients.isEmpty()) {
      return null;
    }
    evidence.add("Delivery status fields (RFC 3464) of " + status.recipients.size() + " group(s).");
    Map<String, RecipientReport> troubled = new LinkedHashMap<>();
    Map<String, RecipientReport> reached = new LinkedHashMap<>();
    boolean failed = false;
    boolean single = status.recipients.size() == 1;
    Supplier<@Nullable EmailAddress> otherwise =
        () -> single && !named().isEmpty() ? named().get(0) : null;
    for (RecipientReport one :
        StatusReading.read(status, hints::isLate, otherwise, limits.diagnosticCharsMax())) {
      boolean trouble = one.action().equals("failed") || one.action().equals("delayed");
      failed |= one.action().equals("failed");
      (trouble ? troubled : reached).putIfAbsent(one.finalRecipient().key(), one);
    }
    delivered = List.copyOf(reached.values());
    if (troubled.isEmpty() && !reached.isEmpty()) {
      evidence.add("All recipients were reached.");
      return MailKind.OTHER;
    }
    String challenge = hints.challenge(troubled.values());
    if (challenge != null) {
      evidence.add("A person must confirm the sender: \"" + challenge + "\".");
      return MailKind.AUTO_REPLY;
    }
    if (failed) { // who is merely late is settled by a later report
      troubled.values().removeIf(one -> !one.action().equals("failed"));
    }
    recipients = completion().complete(troubled.values(), single);
    return failed || troubled.isEmpty() ? MailKind.BOUNCE : MailKind.DELAYED;
  }

  private @Nullable DeliveryStatus findStatus() {
    for (Entity part : mail.own()) {
      if (part.isDeliveryStatus()) {
        DeliveryStatus status = parse(part.body);
        if (!status.recipients.isEmpty()) {
          return status;
        }
      }
    }
    for (Entity part : mail.own()) {
      boolean own = part == mail || !part.isReturned();
      int at = own ? part.statusFieldsAt() : -1;
      if (at >= 0 && !quotedLater(part.body, at)) {
        return parse(part.body.substring(at));
      }
    }
    return null;
  }

  private DeliveryStatus parse(String fields) {
    return DeliveryStatus.parse(fields, limits.recipientsMax(), 2 * limits.diagnosticCharsMax());
  }

  /** Fills what the reports of this mail leave out. */
  Completion completion() {
    return new Completion(notice, text, original(), limits.diagnosticCharsMax());
  }

  /** Whether the fields belong to a mail that is shown below the notice. */
  private boolean quotedLater(String body, int at) {
    int words = text.length();
    Fields returned = notice.returned();
    return returned != null
        && mail.returned() == null
        && at > words + 200
        && body.length() > words
        && !isPassedOn(returned);
  }

  /** A mail that names nobody and shows a whole report below its words passes that report on. */
  private boolean isPassedOn(Fields quoted) {
    return mail.returned() == null
        && quoted.lower("content-type").startsWith("multipart/report")
        && NoticeRecipients.read(notice.lines(), Set.of(), 1).recipients().isEmpty();
  }

  /** The recipients the words name, whoever is the surest. */
  List<EmailAddress> named() {
    if (named == null) {
      named = List.copyOf(readNamed());
    }
    return named;
  }

  private List<EmailAddress> readNamed() {
    List<EmailAddress> failed = new ArrayList<>();
    mail.fields.collect("x-failed-recipients", failed, limits.recipientsMax());
    if (!failed.isEmpty()) {
      return failed;
    }
    Set<String> own = new LinkedHashSet<>();
    deliveredTo.forEach(address -> own.add(address.key()));
    List<EmailAddress> writers = new ArrayList<>();
    for (String name : WRITERS) {
      mail.fields.collect(name, writers, writers.size() + 1);
    }
    Fields returned = notice.returned();
    if (returned != null) { // who wrote the mail that came back is no recipient of it
      returned.collect("from", writers, writers.size() + 1);
    }
    writers.forEach(address -> own.add(address.key()));
    List<EmailAddress> inWords =
        NoticeRecipients.read(notice.lines(), own, limits.recipientsMax()).recipients();
    List<EmailAddress> likely = inWords.isEmpty() ? completion().guess(mail.fields) : inWords;
    return likely.isEmpty()
        ? NoticeRecipients.read(List.of(hints.subject), own, 1).recipients()
        : likely;
  }

  void found(String why, List<RecipientReport> reports) {
    evidence.add(why);
    recipients = reports;
  }

  MailReport.Original original() {
    if (original == null) {
      Fields returned = notice.returned();
      boolean shown = returned != null && !isPassedOn(returned);
      original = Notice.original(shown ? returned : null, originalId, configured.recipientsMax());
    }
    return original;
  }
}
