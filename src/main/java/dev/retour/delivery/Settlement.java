package dev.retour.delivery;

import dev.retour.mail.OnUncertain;
import dev.retour.qualification.Diagnostic;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.QualificationTable;
import dev.retour.qualification.Qualifier;
import dev.retour.qualification.Reason;
import dev.retour.qualification.Verdict;
import dev.retour.quarantine.AddressBook;
import dev.retour.quarantine.AddressChange;
import dev.retour.quarantine.AddressFailure;
import dev.retour.quarantine.Cause;
import dev.retour.quarantine.GateAnswer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Ends an attempt: the answer, the package's next state and the consequence for the address are one
 * transaction.
 */
public final class Settlement {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);
  private static final String NO_RULE = "connection-fault";

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final Qualifier qualifier;
  private final AddressBook addresses;
  private final Redelivery redelivery;
  private final QualificationTable table;
  private final Acceptances acceptances;
  private final WorkPackageStore packages = new WorkPackageStore();
  private final WaitingStore waiting = new WaitingStore();
  private final AttemptStore attempts = new AttemptStore();

  Settlement(
      Jdbi jdbi,
      Jdbi byIndex,
      InstantSource clock,
      Queue queue,
      Qualifier qualifier,
      AddressBook addresses,
      Redelivery redelivery) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.queue = queue;
    this.qualifier = qualifier;
    this.addresses = addresses;
    this.redelivery = redelivery;
    this.table = new QualificationTable(clock);
    this.acceptances = new Acceptances(byIndex, clock, queue, addresses);
  }

  /** The server took the mail. */
  public void accepted(ClaimedPackage claimed, String reply) {
    acceptances.store(claimed, reply);
    over(claimed, reply);
  }

  private void over(ClaimedPackage claimed, String reply) {
    queue.settled(claimed.id());
    note(claimed).log("Sent: {}", reply);
  }

  /** The same for all that a volley handed over; what cannot be stored together goes on alone. */
  public void accepted(Volley volley) {
    List<Outgoing> taken = volley.accepted();
    try {
      acceptances.store(taken);
    } catch (RuntimeException e) {
      log.warn("Answers could not be stored together; each is stored alone.", e);
      return;
    }
    volley.settled(taken);
    taken.forEach(each -> over(each.workPackage(), each.answer()));
  }

  /** The gate was closed directly before sending: nothing went out. */
  public void closed(ClaimedPackage claimed, GateAnswer.Closed gate) {
    FailureType type = gate.isAboutAddress() ? FailureType.HARD : FailureType.IGNORED;
    Failure failure = new Failure(type, gate.reason(), gate.because(), "gate");
    settle(claimed, "refused", new NextStep(PackageState.CANCELLED, null, failure));
    note(claimed).log("Not sent: {}", gate.because());
  }

  /** The SMTP test mode: the relay took the recipient, and nothing was handed over. */
  public void tested(ClaimedPackage claimed, String reply) {
    Failure failure =
        new Failure(
            FailureType.IGNORED,
            Reason.ERROR_IGNORED,
            "SMTP test (delivery.smtp-test), ended after RCPT, nothing was handed over: " + reply,
            "smtp-test");
    settle(claimed, "failed", new NextStep(PackageState.CANCELLED, null, failure));
    note(claimed).log("Not sent, this is an SMTP test: {}", reply);
  }

  /** The attempt failed; decides what that means. Never throws for anything the server said. */
  public void failed(ClaimedPackage claimed, Throwable thrown) {
    SmtpFault fault = SmtpFault.of(thrown);
    if (!Deferral.isAboutTheMail(thrown)) {
      defer(claimed, Deferral.until(thrown, clock.instant()), Deferral.failure(thrown, fault));
      return;
    }
    boolean bodySent = jdbi.withHandle(h -> attempts.wasBodySent(h, claimed.attemptId()));
    if (fault.answered()) {
      answered(claimed, fault);
    } else if (bodySent && !UnsentDotException.causes(thrown)) {
      uncertain(claimed, fault);
    } else if (Deferral.isCutOff(claimed, thrown, fault)) {
      Instant soon = Deferral.afterCutOff(claimed, clock.instant());
      defer(claimed, soon, Deferral.failure(thrown, fault));
    } else {
      Failure failure = new Failure(FailureType.SOFT, Reason.UNREACHABLE, fault.text(), NO_RULE);
      settle(claimed, "failed", later(claimed, failure));
      note(claimed).log("Not sent, the connection failed; it waits: {}", fault.text());
    }
  }

  /**
   * Gives a package back that could not be tried for reasons it has no part in: it waits, and its
   * redelivery policy does not count the attempt.
   */
  void defer(ClaimedPackage claimed, Instant until, Failure failure) {
    Instant now = clock.instant();
    jdbi.useTransaction(
        handle -> {
          if (packages.isOurs(handle, claimed)) {
            attempts.ended(handle, claimed.attemptId(), "failed", failure.text(), now);
            waiting.defer(handle, claimed, new NextStep(PackageState.WAITING, until, failure), now);
          }
        });
    queue.settled(claimed.id());
    note(claimed).log("Given back to the queue: {}", failure.text());
  }

  private void answered(ClaimedPackage claimed, SmtpFault fault) {
    Verdict byRules =
        qualifier.qualify(
            Diagnostic.smtpReply(fault.replyCode(), fault.text(), fault.phase(), null));
    NextStep next =
        settle(
            claimed,
            "refused",
            handle -> {
              if (!fault.aboutRecipient()) {
                return new Outcome(later(claimed, failure(fault, byRules)), null);
              }
              Verdict verdict = table.decide(handle, fault.text(), byRules);
              Failure failure = failure(fault, verdict);
              return new Outcome(
                  fault.permanent() || verdict.type() == FailureType.HARD
                      ? new NextStep(PackageState.ERROR, null, failure)
                      : later(claimed, failure),
                  verdict);
            });
    note(claimed).log("Refused ({}): {}", next.state().label(), fault.text());
  }

  private static Failure failure(SmtpFault fault, Verdict verdict) {
    return new Failure(verdict.type(), verdict.reason(), fault.text(), verdict.ruleId());
  }

  private void uncertain(ClaimedPackage claimed, SmtpFault fault) {
    Failure failure =
        new Failure(
            FailureType.UNDEFINED,
            Reason.NOT_DEFINED,
            "Outcome unknown: the connection ended after the mail was handed over ("
                + fault.text()
                + ")",
            NO_RULE);
    NextStep next =
        claimed.onUncertain() == OnUncertain.RESEND
            ? later(claimed, failure)
            : new NextStep(PackageState.UNCERTAIN, null, failure);
    settle(claimed, "uncertain", next);
    note(claimed).log("Outcome unknown ({}): {}", next.state().label(), fault.text());
  }

  private NextStep later(ClaimedPackage claimed, Failure failure) {
    return redelivery.later(claimed, failure, clock.instant());
  }

  /**
   * How an attempt ended.
   *
   * @param aboutAddress what it means for the address; null: nothing
   */
  private record Outcome(NextStep next, @Nullable Verdict aboutAddress) {}

  private void settle(ClaimedPackage claimed, String phase, NextStep next) {
    settle(claimed, phase, handle -> new Outcome(next, null));
  }

  /**
   * Ends the attempt in one transaction.
   *
   * @param ending decided first, as it may lock rows that come before those of the queue
   */
  private NextStep settle(ClaimedPackage claimed, String phase, Function<Handle, Outcome> ending) {
    Ended ended = jdbi.inTransaction(handle -> end(handle, claimed, phase, ending));
    if (!ended.ours()) {
      note(claimed)
          .log("Another sidecar took the work package over; this attempt changes nothing.");
    }
    queue.settled(claimed.id());
    return ended.step();
  }

  private record Ended(NextStep step, boolean ours) {}

  private Ended end(
      Handle handle, ClaimedPackage claimed, String phase, Function<Handle, Outcome> ending) {
    Instant now = clock.instant();
    Outcome outcome = ending.apply(handle);
    NextStep next = outcome.next();
    if (!packages.isOurs(handle, claimed)) {
      return new Ended(next, false);
    }
    attempts.ended(handle, claimed.attemptId(), phase, next.failure().text(), now);
    Verdict verdict = outcome.aboutAddress();
    NextStep step = verdict == null ? next : afterConsequence(handle, claimed, verdict, next);
    packages.failed(handle, claimed, step, now);
    queue.facts().ended(handle, claimed.id(), step.state(), now);
    return new Ended(step, true);
  }

  /** Waiting makes no sense for an address this very failure has barred. */
  private NextStep afterConsequence(
      Handle handle, ClaimedPackage claimed, Verdict verdict, NextStep next) {
    AddressChange change =
        addresses.apply(
            handle,
            new AddressFailure(
                claimed.recipientKey(),
                verdict.type(),
                verdict.reason(),
                next.failure().text(),
                verdict.ruleId(),
                Cause.SMTP_REPLY,
                claimed.reference(),
                claimed.id()));
    return change.isBarred() && next.state() == PackageState.WAITING
        ? new NextStep(PackageState.ERROR, null, next.failure())
        : next;
  }

  private static LoggingEventBuilder note(ClaimedPackage claimed) {
    return log.atInfo()
        .addKeyValue("workPackage", claimed.id())
        .addKeyValue("event", claimed.eventId());
  }
}
