package dev.retour.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides on mails without machine-readable fields, by header, words and what is enclosed. */
final class WordReading {
  private static final int ANSWER_CHARS_MAX = 1_500;

  private final Entity mail;
  private final Notice notice;
  private final String text;
  private final Hints hints;
  private final Reading reading;

  WordReading(Entity mail, Notice notice, String text, Hints hints, Reading reading) {
    this.mail = mail;
    this.notice = notice;
    this.text = text;
    this.hints = hints;
    this.reading = reading;
  }

  MailKind kind() {
    boolean machine = mail.fields.has("x-failed-recipients");
    if (machine) {
      return failed("X-Failed-Recipients header.", "x-failed-recipients");
    }
    if (isChallenge()) {
      return automatic("a question back to the sender");
    }
    if (isAbsenceSubject() && !isSurelyFailed()) {
      return automatic("\"" + hints.inSubject.get(Phrases.Sign.ABSENCE_SUBJECT) + "\"");
    }
    String why = failure();
    if (why != null) {
      return failed(why, "text");
    }
    return isAutomaticReply() ? automatic("its header") : MailKind.OTHER;
  }

  private boolean isChallenge() {
    return hints.text(Phrases.Sign.CHALLENGE)
        || (hints.subject(Phrases.Sign.CHALLENGE) && !hints.isList());
  }

  private boolean isAbsenceSubject() {
    return hints.subject(Phrases.Sign.ABSENCE_SUBJECT) && !hints.isList();
  }

  private boolean isSurelyFailed() {
    return hints.isFromDaemon()
        && hints.text(Phrases.Sign.FAILURE_TEXT)
        && (SmtpCodes.status(text) != null || hints.subject(Phrases.Sign.FAILURE_SUBJECT));
  }

  private @Nullable String failure() {
    boolean inSubject =
        hints.subject(Phrases.Sign.FAILURE_SUBJECT) || hints.subject(Phrases.Sign.DELAY);
    boolean inText = hints.text(Phrases.Sign.FAILURE_TEXT) || hints.text(Phrases.Sign.DELAY);
    if (hints.isOtherReport()) {
      return null;
    }
    boolean report = mail.fields.lower("content-type").startsWith("multipart/report");
    if (report && (inSubject || inText || hints.isFromDaemon())) {
      return "multipart/report with words of failure.";
    }
    if (hints.isList() && !(hints.isNullSender() && hints.isNamedDaemon())) {
      return null;
    }
    boolean structure = hints.isNullSender() && notice.returned() != null && hasAnswer();
    if (structure && !inSubject && !inText && !hints.text(Phrases.Sign.ABSENCE_TEXT)) {
      return "An empty sender, an SMTP answer and a returned mail.";
    }
    if (hints.isFromDaemon() && (inSubject || inText)) {
      if (hints.text(Phrases.Sign.ABSENCE_TEXT) && !inSubject) {
        return null;
      }
      boolean alone = notice.returned() == null;
      boolean digest = !hints.isNamedProgram() && hints.isSummary();
      if (alone && (digest || (!hints.isFromProgram() && !inSubject && !hasAnswer()))) {
        return null;
      }
      // Anybody can call himself a mail system; one that is shows what it could not deliver.
      boolean about =
          (inText && (hints.isFromNobody() || SmtpCodes.reply(text) != null || isAboutMail()))
              || notice.returned() != null
              || !reading.named().isEmpty();
      return about ? "A mail system writes " + quoted(inSubject) + "." : null;
    }
    boolean sure =
        inSubject
            && hints.text(Phrases.Sign.FAILURE_TEXT)
            && !hints.isReply()
            && (notice.returned() != null
                || hints.text(Phrases.Sign.LIST_REFUSAL)
                || !hints.isWrittenByPerson());
    boolean about = sure && isAboutMail() && !reading.named().isEmpty();
    return about ? "Subject and text speak of failure: " + quoted(true) + "." : null;
  }

  /** Whether a line is an answer that an SMTP server gives to refuse something. */
  private boolean hasAnswer() {
    return SmtpCodes.status(text) != null || notice.lines().stream().anyMatch(SmtpCodes::isAnswer);
  }

  /** A parcel that could not be delivered has neither a reply code nor a returned header. */
  private boolean isAboutMail() {
    return notice.returned() != null
        || SmtpCodes.status(text) != null
        || hints.text(Phrases.Sign.LIST_REFUSAL);
  }

  private String quoted(boolean subject) {
    Map<Phrases.Sign, String> signs = subject ? hints.inSubject : hints.inText();
    Phrases.Sign sign = subject ? Phrases.Sign.FAILURE_SUBJECT : Phrases.Sign.FAILURE_TEXT;
    return "\"" + signs.getOrDefault(sign, signs.getOrDefault(Phrases.Sign.DELAY, "")) + "\"";
  }

  private MailKind failed(String why, String source) {
    boolean late = !source.startsWith("x-") && hints.isLate();
    List<EmailAddress> named = reading.named();
    Map<String, RecipientReport> reports = new LinkedHashMap<>();
    for (EmailAddress address : named) {
      String action = late ? "delayed" : "failed";
      reports.putIfAbsent(
          address.key(),
          new RecipientReport(address, null, action, null, null, "", null, null, source));
    }
    reading.found(why, reading.completion().complete(reports.values(), reports.size() == 1));
    return late ? MailKind.DELAYED : MailKind.BOUNCE;
  }

  private MailKind automatic(String why) {
    reading.found("Written by a program in answer to a mail: " + why + ".", new ArrayList<>());
    return MailKind.AUTO_REPLY;
  }

  private boolean isAutomaticReply() {
    if (hints.hasAbsenceField() || hints.isAutoReplied()) {
      return true;
    }
    boolean program = hints.isNullSender() || hints.isAutomatic();
    if (hints.text(Phrases.Sign.ABSENCE_TEXT) && program && !hints.isList()) {
      return true;
    }
    if (hints.isList() || hints.isOtherReport() || hints.isSummary() || text.isBlank()) {
      return false;
    }
    // RFC 3834 section 3.3: who answers for a person does so from nowhere, and in few words.
    boolean answer = hints.isAnswer() || hints.isAutomatic() || text.length() < ANSWER_CHARS_MAX;
    return (hints.isNullSender() && answer) || (hints.isAutoSubmitted() && hints.isAnswer());
  }

  /** A disposition notification (RFC 8098): a failure only if it says so itself. */
  @Nullable MailKind byDisposition() {
    for (Entity part : mail.own()) {
      if (part.isDisposition()) {
        Fields fields = Fields.parse(part.body, 100, 2_000);
        String disposition = fields.lower("disposition");
        boolean failed =
            disposition.contains("failed")
                || disposition.contains("error")
                || fields.has("failure")
                || fields.has("error");
        // A filter of the recipient's that refuses says "deleted" and why (RFC 5429 section 2.1.1).
        failed |= disposition.contains("automatic-action") && hints.text(Phrases.Sign.FAILURE_TEXT);
        EmailAddress whom = fields.address("final-recipient");
        if (failed && whom != null) {
          RecipientReport report =
              new RecipientReport(
                  whom, null, "failed", null, null, "", null, null, "disposition-notification");
          reading.found(
              "A disposition notification that reports a failure.",
              reading.completion().complete(List.of(report), true));
          return MailKind.BOUNCE;
        }
        reading.found("A disposition notification (RFC 8098).", List.of());
        return MailKind.OTHER;
      }
    }
    return null;
  }
}
