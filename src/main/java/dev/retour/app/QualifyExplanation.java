package dev.retour.app;

import dev.retour.bounces.Assessment;
import dev.retour.bounces.Assessment.Judged;
import dev.retour.bounces.BounceAssessor;
import dev.retour.mail.MailReport;
import dev.retour.mail.RecipientReport;
import dev.retour.qualification.Diagnostic;
import dev.retour.qualification.Explanation;
import dev.retour.qualification.QualificationTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a mail was taken for what it was, for a person who asks ({@code qualify --explain}). */
final class QualifyExplanation {
  private static final int SHOWN_MAX = 2_000;

  private final BounceAssessor assessor;

  QualifyExplanation(BounceAssessor assessor) {
    this.assessor = assessor;
  }

  /** The explanation as lines of a text, without signs that would steer a terminal. */
  List<String> lines(Assessment assessment) {
    MailReport report = assessment.report();
    List<String> lines = new ArrayList<>();
    add(lines, "", "subject", report.subject());
    add(lines, "", "fault", report.fault());
    report.evidence().forEach(why -> add(lines, "", "evidence", why));
    add(lines, "", "returned Message-ID", report.originalMessageId());
    add(lines, "", "returned envelope sender", text(report.original().returnPath()));
    for (Judged judged : assessment.judged()) {
      RecipientReport recipient = judged.recipient();
      lines.add(
          recipient == null
              ? "nobody is named"
              : "<"
                  + Operator.shown(recipient.finalRecipient().text())
                  + "> "
                  + recipient.action());
      decision(assessment, judged)
          .forEach(
              (name, value) -> {
                if (value instanceof List<?> several) {
                  several.forEach(each -> add(lines, "  ", name, String.valueOf(each)));
                } else {
                  add(lines, "  ", name, value == null ? null : String.valueOf(value));
                }
              });
    }
    return lines;
  }

  /** The explanation of one recipient by name: values are texts, numbers and lists of texts. */
  Map<String, @Nullable Object> decision(Assessment assessment, Judged judged) {
    Map<String, @Nullable Object> told = new LinkedHashMap<>();
    RecipientReport recipient = judged.recipient();
    Diagnostic diagnostic = judged.diagnostic();
    if (recipient != null) {
      told.put("original recipient", text(recipient.originalRecipient()));
      told.put("found in", recipient.evidence());
      told.put("refused by", recipient.remoteMta());
      told.put("reported by", recipient.reportingMta());
    }
    told.put("said", bounded(diagnostic.text()));
    told.put("normalised", bounded(QualificationTable.normalised(diagnostic.text())));
    Explanation explanation = assessor.explain(assessment.report(), judged);
    if (explanation != null) {
      told.put("status code", explanation.status().isEmpty() ? null : explanation.status());
      told.put("reply code", explanation.replyCode() == 0 ? null : explanation.replyCode());
      told.put("failed at", diagnostic.phase().name());
      told.put("decided by", judged.verdict().ruleId() + ", " + explanation.precedence().words());
    } else {
      told.put("decided by", judged.verdict().ruleId());
    }
    told.put(
        "type and reason",
        judged.verdict().type().label()
            + ", "
            + judged.verdict().reason().code()
            + " "
            + judged.verdict().reason().label());
    told.put("because", judged.verdict().because());
    if (explanation != null) {
      told.put(
          "near",
          explanation.others().stream().map(near -> near.ruleId() + ": " + near.why()).toList());
    }
    told.put("consequence", BounceAssessor.prospect(assessment.report().kind(), judged.verdict()));
    return told;
  }

  private static void add(List<String> lines, String indent, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      lines.add(indent + name + ": " + Operator.shown(value));
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static String bounded(String text) {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + " …";
  }
}
