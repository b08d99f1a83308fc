package dev.retour.qualification;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a rule looks at. Conditions of one kind are alternatives; all kinds given must hold.
 *
 * @param texts any of these is found in the text; empty: any text
 * @param unless none of these is found in the text
 * @param statuses masks such as {@code 5.1.1} or {@code x.2.2}; empty: any
 * @param replyCodes masks such as {@code 550} or {@code 5xx}; empty: any
 * @param hosts host names, or {@code *.example.com}, of the refusing MX; empty: any
 * @param reportingMtas the same of the server that wrote the bounce; empty: any
 * @param phases empty: any
 * @param sources empty: any
 */
record Conditions(
    List<TextPattern> texts,
    List<TextPattern> unless,
    List<String> statuses,
    List<String> replyCodes,
    List<String> hosts,
    List<String> reportingMtas,
    Set<Phase> phases,
    Set<Source> sources) {

  /** Whether everything but the text holds. */
  boolean circumstancesHold(Subject subject) {
    return failingCircumstance(subject) == null;
  }

  /** The rule file's key of the first condition, other than the text, that does not hold. */
  @Nullable String failingCircumstance(Subject subject) {
    if (!sources.isEmpty() && !sources.contains(subject.source())) {
      return "source";
    }
    if (!phases.isEmpty() && !phases.contains(subject.phase())) {
      return "phase";
    }
    if (!statuses.isEmpty() && !fitsAny(statuses, subject.status())) {
      return "status";
    }
    if (!replyCodes.isEmpty() && !fitsAny(replyCodes, subject.replyCode())) {
      return "reply-code";
    }
    if (!hosts.isEmpty() && !namedByAny(hosts, subject.host())) {
      return "host";
    }
    if (!reportingMtas.isEmpty() && !namedByAny(reportingMtas, subject.reportingMta())) {
      return "reporting-mta";
    }
    return null;
  }

  boolean excepted(Subject subject) {
    for (TextPattern exception : unless) {
      if (exception.find(subject.text())) {
        return true;
      }
    }
    return false;
  }

  private static boolean fitsAny(List<String> masks, String code) {
    for (String mask : masks) {
      if (!code.isEmpty() && Codes.fits(mask, code)) {
        return true;
      }
    }
    return false;
  }

  private static boolean namedByAny(List<String> masks, String name) {
    for (String mask : masks) {
      boolean fits =
          mask.startsWith("*.")
              ? name.endsWith(mask.substring(1)) || name.equals(mask.substring(2))
              : name.equals(mask);
      if (fits) {
        return true;
      }
    }
    return false;
  }
}
