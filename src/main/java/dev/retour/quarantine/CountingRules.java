package dev.retour.quarantine;

import dev.retour.qualification.Reason;
import dev.retour.store.GroupCommit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The rules for which other mails matter: duplicates (10), caps (12), daily limits (17). Who counts
 * the same stands in line, whatever sidecar it is in: of one mail too many exactly one is kept
 * back. A mail that is on its way and may still fail decides nothing yet: the next one waits for
 * it.
 */
final class CountingRules {
  private static final int GROUP_MAX = 200;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final GateAnswer OPEN = new GateAnswer.Open(null);

  /** The rule under which a mail is noted that caps and duplicates let pass. */
  private static final String ON_ITS_WAY = "";

  private final InstantSource clock;
  private final SendCounts counts;
  private final LimitStore store = new LimitStore();
  private final GroupCommit<Asked, GateAnswer> passes;

  /** A mail with the rules of its message. */
  private record Asked(GateRequest mail, GateRules.OfMessage rules) {}

  CountingRules(Jdbi jdbi, InstantSource clock, SendCounts counts) {
    this.clock = clock;
    this.counts = counts;
    this.passes =
        new GroupCommit<>(GROUP_MAX, group -> jdbi.inTransaction(handle -> pass(handle, group)));
  }

  /** Counts a mail that is about to be sent, unless it is kept back. */
  GateAnswer pass(GateRequest mail, GateRules.OfMessage rules) {
    return passes.commit(new Asked(mail, rules));
  }

  /** What {@link #pass} would say now, without counting; what is on its way is no news. */
  GateAnswer look(Handle handle, GateRequest mail, GateRules.OfMessage rules) {
    GateAnswer answer = duplicates(handle, mail, rules);
    answer = answer.isOpen() ? caps(handle, mail, rules) : answer;
    if (answer.isOpen()) {
      for (GateRules.Limit limit : rules.limits()) {
        LocalDate day = today(limit);
        if (store.isFull(handle, limit, day)) {
          return full(limit, day);
        }
      }
    }
    return answer;
  }

  private List<GateAnswer> pass(Handle handle, List<Asked> group) {
    Set<String> names = new TreeSet<>();
    group.forEach(asked -> names.addAll(names(asked)));
    store.lock(handle, names);
    return group.stream().map(asked -> pass(handle, asked.mail(), asked.rules())).toList();
  }

  private static Set<String> names(Asked asked) {
    Set<String> names = new TreeSet<>();
    if (!asked.rules().duplicates().isEmpty()) {
      names.add("to " + asked.mail().addressKey());
    }
    asked
        .rules()
        .caps()
        .forEach(
            cap ->
                names.add(
                    cap.byDomain()
                        ? "at " + asked.mail().domain()
                        : "to " + asked.mail().addressKey()));
    asked.rules().limits().forEach(limit -> names.add("rule " + limit.id()));
    return names;
  }

  private GateAnswer pass(Handle handle, GateRequest mail, GateRules.OfMessage rules) {
    GateAnswer answer = duplicates(handle, mail, rules);
    answer = answer.isOpen() ? caps(handle, mail, rules) : answer;
    answer = answer.isOpen() ? limits(handle, mail, rules) : answer;
    if (answer.isOpen() && !(rules.duplicates().isEmpty() && rules.caps().isEmpty())) {
      store.pass(handle, mail, ON_ITS_WAY);
    }
    return answer;
  }

  /** Who is sent once more on purpose is no duplicate. */
  GateAnswer duplicates(Handle handle, GateRequest mail, GateRules.OfMessage rules) {
    if (mail.again()) {
      return OPEN;
    }
    for (GateRules.Duplicates rule : rules.duplicates()) {
      Optional<SendCounts.Earlier> earlier = counts.same(handle, mail, since(rule.within()));
      if (earlier.isPresent()) {
        return duplicate(rule, earlier.get());
      }
    }
    return OPEN;
  }

  private static GateAnswer duplicate(GateRules.Duplicates rule, SendCounts.Earlier earlier) {
    String which = "work package " + earlier.packageId();
    return earlier.onItsWay()
        ? new GateAnswer.Wait(
            SOON, "The same mail is just being sent (" + which + "); this one waits for its end.")
        : new GateAnswer.Closed(
            Reason.DOUBLE,
            "The same mail went to this recipient at "
                + earlier.at()
                + " ("
                + which
                + "); kept back by the rule "
                + rule.id()
                + ": "
                + rule.because());
  }

  private GateAnswer caps(Handle handle, GateRequest mail, GateRules.OfMessage rules) {
    for (GateRules.Cap cap : rules.caps()) {
      SendCounts.Counted counted = counts.count(handle, mail, cap.scope(), since(cap.within()));
      if (counted.sent() >= cap.most()) {
        return new GateAnswer.Closed(
            Reason.EXCLUDED_AFTER_ARBITRATION,
            "This "
                + (cap.byDomain() ? "domain" : "recipient")
                + " has had "
                + cap.most()
                + " mails in "
                + text(cap.within())
                + ", the most the rule "
                + cap.id()
                + " allows: "
                + cap.because());
      }
      if (counted.sent() + counted.onItsWay() >= cap.most()) {
        return new GateAnswer.Wait(
            SOON,
            "As many mails are just being sent as the rule "
                + cap.id()
                + " allows; this one waits for their end.");
      }
    }
    return OPEN;
  }

  /** Taken once, however often the mail is attempted; a refused mail has taken its place, too. */
  private GateAnswer limits(Handle handle, GateRequest mail, GateRules.OfMessage rules) {
    for (GateRules.Limit limit : rules.limits()) {
      LocalDate day = today(limit);
      if (!store.hasPassed(handle, mail, limit)) {
        if (!store.take(handle, limit, day)) {
          return full(limit, day);
        }
        store.pass(handle, mail, limit.id());
      }
    }
    return OPEN;
  }

  private static GateAnswer full(GateRules.Limit limit, LocalDate day) {
    return new GateAnswer.Closed(
        Reason.TARGET_LIMITED,
        "The "
            + limit.most()
            + " mails of "
            + day
            + " are taken, the most the rule "
            + limit.id()
            + " allows: "
            + limit.because());
  }

  private Instant since(Duration within) {
    return clock.instant().minus(within);
  }

  private LocalDate today(GateRules.Limit limit) {
    return LocalDate.ofInstant(clock.instant(), limit.zone());
  }

  /** In the largest unit that fits. */
  private static String text(Duration time) {
    if (time.toSeconds() % 86_400 == 0) {
      return time.toDays() + " days";
    }
    return time.toSeconds() % 3_600 == 0 ? time.toHours() + " hours" : time.toSeconds() + " s";
  }
}
