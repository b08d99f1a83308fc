package dev.retour.bounces;

import dev.retour.bounces.Assessment.Judged;
import dev.retour.mail.Complaint;
import dev.retour.mail.MailKind;
import dev.retour.mail.MailReport;
import dev.retour.mail.RecipientReport;
import dev.retour.mail.ReportReader;
import dev.retour.qualification.Diagnostic;
import dev.retour.qualification.Explanation;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.Phase;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.Reason;
import dev.retour.qualification.Source;
import dev.retour.qualification.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a mail and qualifies what it says. Pure: no database, changes nothing, never throws. */
public final class BounceAssessor {
  /** The id under which an unsubscription by mail is stored. */
  static final String OPT_OUT = "feedback-unsubscription";

  /** Rule id of a delay notice whose words no rule knows. */
  private static final String DELAY_WITHOUT_CAUSE = "delay-without-cause";

  private static final int SHARED_CHARS = 100_000;
  private static final int SHARED_CHARS_LEAST = 200;

  private final ReportReader reader;
  private final Qualifier qualifier;

  public BounceAssessor(ReportReader reader, Qualifier qualifier) {
    this.reader = reader;
    this.qualifier = qualifier;
  }

  /** Assesses a mail as received; any bytes. */
  public Assessment assess(byte[] raw) {
    MailReport report = reader.read(raw);
    return filed(report, judged(report));
  }

  /** A report and what was decided about it, with the folder that follows from both. */
  Assessment filed(MailReport report, List<Judged> judged) {
    return new Assessment(report, judged, folder(report, judged));
  }

  /** How a verdict came about; null when not the rules decided but what kind of mail it is. */
  public @Nullable Explanation explain(MailReport report, Judged judged) {
    return report.kind() == MailKind.BOUNCE || report.kind() == MailKind.DELAYED
        ? qualifier.explain(judged.diagnostic())
        : null;
  }

  /** What a mail will do to the address, once it is proved to be about a mail of ours. */
  public static String prospect(MailKind kind, Verdict verdict) {
    if (kind == MailKind.COMPLAINT && verdict.type() == FailureType.HARD) {
      return "The address goes to the denylist and gets no more mail.";
    }
    if (kind != MailKind.BOUNCE) {
      return "Shown only: it is no failure of the address.";
    }
    return switch (verdict.type()) {
      case HARD -> "The address is quarantined at once.";
      case SOFT -> "The error is counted, once a day at most; the fifth leads to quarantine.";
      case UNDEFINED -> "Logged the first time, counted as a soft error when it happens again.";
      case IGNORED -> "Shown only: it is no failure of the address.";
    };
  }

  private List<Judged> judged(MailReport report) {
    List<Judged> judged = new ArrayList<>();
    FailedStep steps = new FailedStep(report.notice());
    for (RecipientReport recipient : report.recipients()) {
      judged.add(judge(report, recipient, steps));
    }
    if (judged.isEmpty() && report.kind() != MailKind.OTHER) {
      judged.add(judge(report, null, steps));
    }
    return judged;
  }

  private Judged judge(MailReport report, @Nullable RecipientReport recipient, FailedStep steps) {
    Diagnostic diagnostic = diagnostic(report, recipient, steps);
    Verdict verdict = verdict(report, diagnostic);
    if (isUnknown(verdict) && report.recipients().size() == 1) {
      // What stands beside the address says nothing; the fault may stand above it.
      Diagnostic whole =
          new Diagnostic(
              Source.BOUNCE,
              report.notice(),
              diagnostic.status(),
              diagnostic.replyCode(),
              diagnostic.remoteHost(),
              diagnostic.reportingMta(),
              steps.of(report.notice()));
      return new Judged(recipient, whole, verdict(report, whole));
    }
    return new Judged(recipient, diagnostic, verdict);
  }

  private static boolean isUnknown(Verdict verdict) {
    return verdict.ruleId().equals(Qualifier.UNKNOWN_BOUNCE)
        || verdict.ruleId().equals(DELAY_WITHOUT_CAUSE);
  }

  private static Diagnostic diagnostic(
      MailReport report, @Nullable RecipientReport recipient, FailedStep steps) {
    if (recipient == null) {
      return new Diagnostic(Source.BOUNCE, report.notice(), null, null, null, null, Phase.REPORT);
    }
    String text = recipient.diagnostic().isBlank() ? shared(report) : recipient.diagnostic();
    return new Diagnostic(
        Source.BOUNCE,
        text,
        recipient.status(),
        recipient.replyCode(),
        recipient.remoteMta(),
        recipient.reportingMta(),
        steps.of(text));
  }

  /**
   * The words about all recipients: judged for each, so the more they are the less is looked at.
   */
  private static String shared(MailReport report) {
    int charsMax = Math.max(SHARED_CHARS_LEAST, SHARED_CHARS / report.recipients().size());
    String notice = report.notice();
    return notice.length() > charsMax ? notice.substring(0, charsMax) : notice;
  }

  private Verdict verdict(MailReport report, Diagnostic diagnostic) {
    return switch (report.kind()) {
      case BOUNCE -> qualifier.qualify(diagnostic);
      case DELAYED -> delayed(qualifier.qualify(diagnostic));
      case COMPLAINT -> complaint(report.complaint());
      case AUTO_REPLY ->
          fixed(
              FailureType.IGNORED,
              Reason.UNREACHABLE,
              "absence-reply",
              "An absence is no failure (spec B1: Auto_replies).");
      case OTHER ->
          fixed(FailureType.IGNORED, Reason.NOT_DEFINED, "no-bounce", "This mail is no bounce.");
    };
  }

  /** A delay notice is a warning: the mail is still under way, whatever the words are. */
  static Verdict delayed(Verdict verdict) {
    if (verdict.type() == FailureType.UNDEFINED) {
      return new Verdict(
          FailureType.SOFT,
          Reason.UNREACHABLE,
          DELAY_WITHOUT_CAUSE,
          "A delay notice that does not say why: the mail could not be handed over yet.",
          verdict.rulesVersion());
    }
    FailureType type = verdict.type() == FailureType.HARD ? FailureType.SOFT : verdict.type();
    return new Verdict(
        type, verdict.reason(), verdict.ruleId(), verdict.because(), verdict.rulesVersion());
  }

  private Verdict complaint(@Nullable Complaint complaint) {
    boolean harmless = complaint != null && (complaint.isAuthFailure() || complaint.isNotSpam());
    if (harmless) {
      return fixed(
          FailureType.IGNORED,
          Reason.REFUSED,
          "feedback-without-complaint",
          "A report about authentication, or one that takes a complaint back, is no complaint.");
    }
    return complaint != null && complaint.isOptOut()
        ? fixed(
            FailureType.HARD,
            Reason.REFUSED,
            OPT_OUT,
            "The reader unsubscribed (RFC 5965 opt-out) and gets no more mail; nobody complained.")
        : fixed(
            FailureType.HARD,
            Reason.REFUSED,
            "feedback-loop",
            "The reader complained (spec B9): the address is not written to again.");
  }

  private Verdict fixed(FailureType type, Reason reason, String rule, String because) {
    return new Verdict(type, reason, rule, because, qualifier.rules().version());
  }

  private static Folder folder(MailReport report, List<Judged> judged) {
    if (report.kind() == MailKind.OTHER) {
      return Folder.OTHER;
    }
    boolean understood =
        report.kind() != MailKind.BOUNCE
            || judged.stream().anyMatch(each -> each.verdict().type() != FailureType.UNDEFINED);
    return understood ? Folder.PROCESSED : Folder.UNQUALIFIED;
  }
}
