package dev.retour.quarantine;

import dev.retour.qualification.Reason;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Excludes mails by questions to other databases (reason 11). A source that is away or slow is left
 * alone for a moment, so that mails of other messages do not stand behind it; whoever needs it
 * waits and is never sent anyway.
 */
final class Exclusions {
  /** For each question; a mail is about to be sent, and others wait for this thread. */
  static final Duration WITHIN = Duration.ofMillis(200);

  private static final Logger log = LoggerFactory.getLogger(Exclusions.class);
  private static final Duration LEFT_ALONE = Duration.ofSeconds(5);

  private final ExclusionSources sources;
  private final InstantSource clock;
  private final Map<String, Away> away = new ConcurrentHashMap<>();

  /** A source that is not asked for a moment. */
  private record Away(Instant until, String why) {}

  Exclusions(ExclusionSources sources, InstantSource clock) {
    this.sources = sources;
    this.clock = clock;
  }

  /** What the rules say, the first that does not let the mail pass. */
  GateAnswer ask(List<GateRules.Exclusion> rules, GateRequest mail) {
    for (GateRules.Exclusion rule : rules) {
      GateAnswer answer = ask(rule, mail);
      if (!answer.isOpen()) {
        return answer;
      }
    }
    return new GateAnswer.Open(null);
  }

  private GateAnswer ask(GateRules.Exclusion rule, GateRequest mail) {
    Away known = away.get(rule.source());
    if (known != null && clock.instant().isBefore(known.until())) {
      return waits(rule, known.why());
    }
    try {
      if (excludes(rule, mail)) {
        return new GateAnswer.Closed(
            Reason.EXCLUDED_BY_SQL_RULE,
            "Excluded by the rule " + rule.id() + ": " + rule.because());
      }
      if (known != null && away.remove(rule.source(), known)) {
        log.info("The source {} of exclusion rules answers again.", rule.source());
      }
      return new GateAnswer.Open(null);
    } catch (SQLException e) {
      String why = sentence(e);
      @Nullable Away before =
          away.put(rule.source(), new Away(clock.instant().plus(LEFT_ALONE), why));
      if (before == null) {
        log.error(
            "The exclusion rule {} cannot be asked, mails of its messages wait: {}",
            rule.id(),
            why);
      }
      return waits(rule, why);
    }
  }

  /** Whether the first value is anything but false, 0 and null. */
  private boolean excludes(GateRules.Exclusion rule, GateRequest mail) throws SQLException {
    Map<String, String> values = new HashMap<>();
    values.put("email", mail.addressKey());
    values.put("message", mail.message());
    if (mail.document() != null) {
      values.put("document", mail.document());
    }
    Object value = sources.first(rule.source(), rule.sql(), values, WITHIN).orElse(false);
    return value instanceof Boolean flag
        ? flag
        : !(value instanceof Number number) || number.doubleValue() != 0;
  }

  /** In one line. */
  static String sentence(SQLException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
  }

  private static GateAnswer waits(GateRules.Exclusion rule, String why) {
    return new GateAnswer.Wait(
        LEFT_ALONE,
        "The exclusion rule "
            + rule.id()
            + " cannot be asked, the mail waits for its source "
            + rule.source()
            + ": "
            + why);
  }
}
