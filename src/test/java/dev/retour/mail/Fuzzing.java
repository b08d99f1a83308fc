package dev.retour.mail;

import dev.retour.bounces.Assessment;
import dev.retour.bounces.BounceAssessor;
import dev.retour.config.Settings;
import dev.retour.qualification.QualificationConfig;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.RuleSet;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and judges one mail as the engine does, and says whether what comes out can be true. */
final class Fuzzing {
  private static final double NANOS = 1e6;
  private static final int RECIPIENTS_MAX = 500;
  private static final int SUBJECT_MAX = 1_000;
  private static final int DIAGNOSTIC_MAX = 2_000;
  private static final int EVIDENCE_MAX = 20;
  private static final int NOTICE_MAX = 300_000;
  private static final int MESSAGE_ID_MAX = 998;
  private static final int FIELD_MAX = 8_192;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private Fuzzing() {}

  /**
   * What came of a mail.
   *
   * @param millis processor time it took
   * @param offence what is wrong with the report, or null
   */
  record Outcome(double millis, @Nullable String offence) {}

  /** The engine's reader with the shipped rules and the default limits. */
  static BounceAssessor assessor() {
    Settings defaults = Settings.of(Map.of());
    return new BounceAssessor(
        new ReportReader(MailConfig.from(defaults)),
        new Qualifier(
            RuleSet.load(Path.of("rules/qualification")), QualificationConfig.from(defaults)));
  }

  static Outcome run(BounceAssessor assessor, byte[] mail) {
    long start = THREADS.getCurrentThreadCpuTime();
    Assessment assessment;
    try {
      assessment = assessor.assess(mail);
    } catch (RuntimeException | StackOverflowError e) {
      return new Outcome(0, "threw " + e);
    }
    double millis = (THREADS.getCurrentThreadCpuTime() - start) / NANOS;
    return new Outcome(millis, offence(assessment));
  }

  private static @Nullable String offence(Assessment assessment) {
    MailReport report = assessment.report();
    String fault = String.valueOf(report.fault());
    if (fault.contains("defeated")) {
      return fault;
    }
    @Nullable String[] offences = {
      kind(report),
      counts(assessment),
      shown("subject", report.subject(), SUBJECT_MAX),
      shown("message id", report.messageId(), MESSAGE_ID_MAX),
      shown("original message id", report.originalMessageId(), MESSAGE_ID_MAX),
      shown("fault", report.fault(), FIELD_MAX),
      notice(report.notice()),
      evidence(report.evidence()),
      address("from", report.from()),
      address("return path", report.original().returnPath()),
      addresses("delivered to", report.deliveredTo()),
      addresses("original recipient", report.original().recipients()),
      recipients(report.recipients()),
      recipients(report.delivered()),
      complaint(report.complaint())
    };
    for (String offence : offences) {
      if (offence != null) {
        return offence;
      }
    }
    return null;
  }

  private static @Nullable String kind(MailReport report) {
    Set<String> actions = new HashSet<>();
    report.recipients().forEach(one -> actions.add(one.action()));
    boolean consistent =
        switch (report.kind()) {
          case BOUNCE -> Set.of("failed").containsAll(actions);
          case DELAYED -> Set.of("delayed").containsAll(actions);
          case COMPLAINT -> Set.of("complained", "reported").containsAll(actions);
          case AUTO_REPLY, OTHER -> actions.isEmpty();
        };
    boolean complains = report.kind() == MailKind.COMPLAINT;
    if (!consistent) {
      return report.kind() + " with actions " + actions;
    }
    return complains == (report.complaint() != null)
        ? null
        : report.kind() + " with complaint " + report.complaint();
  }

  private static @Nullable String counts(Assessment assessment) {
    MailReport report = assessment.report();
    int most = Math.max(report.recipients().size(), report.delivered().size());
    most = Math.max(most, report.deliveredTo().size());
    most = Math.max(most, report.original().recipients().size());
    if (most > RECIPIENTS_MAX) {
      return most + " recipients";
    }
    int expected = report.kind() == MailKind.OTHER ? 0 : Math.max(1, report.recipients().size());
    int judged = assessment.judged().size();
    return judged == expected ? null : judged + " judgements instead of " + expected;
  }

  private static @Nullable String recipients(List<RecipientReport> recipients) {
    Set<String> keys = new HashSet<>();
    for (RecipientReport one : recipients) {
      String status = one.status();
      Integer reply = one.replyCode();
      if (!keys.add(one.finalRecipient().key())) {
        return one.finalRecipient() + " twice";
      }
      if (status != null && (status.length() < 5 || status.length() > 9)) {
        return "status " + status;
      }
      if (reply != null && (reply < 400 || reply > 599)) {
        return "reply code " + reply;
      }
      @Nullable String[] offences = {
        address("recipient", one.finalRecipient()),
        address("original recipient", one.originalRecipient()),
        shown("diagnostic", one.diagnostic(), DIAGNOSTIC_MAX),
        shown("remote host", one.remoteMta(), 255),
        shown("reporting host", one.reportingMta(), 255),
        shown("status", status, 9)
      };
      for (String offence : offences) {
        if (offence != null) {
          return offence;
        }
      }
    }
    return null;
  }

  private static @Nullable String complaint(@Nullable Complaint complaint) {
    if (complaint == null) {
      return null;
    }
    @Nullable String[] offences = {
      shown("feedback type", complaint.feedbackType(), FIELD_MAX),
      shown("mail from", complaint.originalMailFrom(), FIELD_MAX),
      shown("source", complaint.sourceIp(), FIELD_MAX),
      shown("user agent", complaint.userAgent(), FIELD_MAX),
      shown("domains", String.join(",", complaint.reportedDomains()), FIELD_MAX * RECIPIENTS_MAX)
    };
    for (String offence : offences) {
      if (offence != null) {
        return offence;
      }
    }
    return complaint.reportedDomains().size() > RECIPIENTS_MAX ? "too many domains" : null;
  }

  private static @Nullable String addresses(String what, List<EmailAddress> addresses) {
    for (EmailAddress address : addresses) {
      String offence = address(what, address);
      if (offence != null) {
        return offence;
      }
    }
    return null;
  }

  /** What is read must be read again from its own text, or it cannot be stored and compared. */
  private static @Nullable String address(String what, @Nullable EmailAddress address) {
    if (address == null) {
      return null;
    }
    EmailAddress again =
        EmailAddress.parse(address.text())
            .or(() -> EmailAddress.mistyped(address.text()))
            .orElse(null);
    boolean same = again != null && again.key().equals(address.key());
    return same ? null : what + " " + address + " is read again as " + again;
  }

  private static @Nullable String evidence(List<String> evidence) {
    for (String sentence : evidence) {
      String offence = shown("evidence", sentence, DIAGNOSTIC_MAX);
      if (offence != null) {
        return offence;
      }
    }
    return evidence.size() > EVIDENCE_MAX ? evidence.size() + " sentences of evidence" : null;
  }

  private static @Nullable String notice(String notice) {
    for (String line : notice.split("\n", -1)) {
      String offence = shown("notice", line.replace('\t', ' '), NOTICE_MAX);
      if (offence != null) {
        return offence;
      }
    }
    return notice.length() > NOTICE_MAX ? "notice of " + notice.length() : null;
  }

  /** One line, bounded, nothing that moves a cursor. */
  private static @Nullable String shown(String what, @Nullable String text, int max) {
    if (text == null) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return what + " has control character " + (int) text.charAt(i);
      }
    }
    return text.length() > max ? what + " of " + text.length() + " characters" : null;
  }
}
