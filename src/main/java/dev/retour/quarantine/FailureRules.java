package dev.retour.quarantine;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The decisions of spec B15 for one address that is held in a transaction. */
final class FailureRules {
  private final Handle handle;
  private final AddressHistoryStore history;
  private final QuarantineConfig config;
  private final Instant now;

  FailureRules(Handle handle, AddressHistoryStore history, QuarantineConfig config, Instant now) {
    this.handle = handle;
    this.history = history;
    this.config = config;
    this.now = now;
  }

  /**
   * A new row and what to tell the operator.
   *
   * @param next the row as it shall be
   * @param sentence the consequence
   */
  record Decision(AddressEntry next, String sentence) {}

  /** What the failure does; empty when the address is already barred for good. */
  Optional<Decision> decide(AddressEntry row, AddressFailure failure) {
    if (row.state() == AddressState.ALLOWLISTED) {
      return Optional.of(
          new Decision(
              next(row, row.state(), row.errors(), row.lastSignificantAt(), failure),
              failure.cause().isOwnersWish()
                  ? "The owner complained, but the address is allowlisted: a person must decide."
                  : "The error is ignored: the address is allowlisted."));
    }
    if (failure.cause().isOwnersWish()) {
      return Optional.of(
          new Decision(
              next(row, AddressState.DENYLISTED, row.errors(), row.lastSignificantAt(), failure),
              "The owner complained or unsubscribed: the address is on the denylist and gets no more"
                  + " mail."));
    }
    if (row.state() == AddressState.DENYLISTED) {
      return Optional.empty();
    }
    if (failure.type() == FailureType.HARD) {
      return Optional.of(
          new Decision(
              next(row, AddressState.QUARANTINED, row.errors(), row.lastSignificantAt(), failure),
              "Quarantined at once: " + failure.reason().label() + "."));
    }
    return row.state() == AddressState.QUARANTINED
        ? Optional.empty()
        : Optional.of(count(row, failure));
  }

  private Decision count(AddressEntry row, AddressFailure failure) {
    if (failure.type() == FailureType.UNDEFINED && !failedSoBefore(row)) {
      return new Decision(
          next(row, AddressState.WITH_ERRORS, row.errors(), row.lastSignificantAt(), failure),
          "Logged, not yet counted: no rule knows this text, and it is the first of this address.");
    }
    ErrorCounter before = new ErrorCounter(row.errors(), row.lastSignificantAt());
    ErrorCounter counter = before.after(now, config);
    boolean barred = counter.errors() >= config.errorsMax();
    AddressState state = barred ? AddressState.QUARANTINED : AddressState.WITH_ERRORS;
    return new Decision(
        next(row, state, counter.errors(), counter.lastSignificantAt(), failure),
        sentence(counter.equals(before), counter.errors(), barred, failure.reason()));
  }

  private boolean failedSoBefore(AddressEntry row) {
    return history.hasFailedWith(
        handle, row.address(), Reason.NOT_DEFINED.code(), now.minus(config.restartAfter()));
  }

  private String sentence(boolean unchanged, int errors, boolean barred, Reason reason) {
    if (barred) {
      return "Quarantined: significant error " + errors + ", " + reason.label() + ".";
    }
    String count = errors + " of " + config.errorsMax();
    return unchanged
        ? "Not counted again, too close to the last error; it stays at " + count + "."
        : "Counted: significant error " + count + " before quarantine, " + reason.label() + ".";
  }

  private AddressEntry next(
      AddressEntry row,
      AddressState state,
      int errors,
      @Nullable Instant lastSignificantAt,
      AddressFailure failure) {
    return new AddressEntry(
        row.address(),
        row.domain(),
        state,
        errors,
        failure.reason().code(),
        bounded(failure.text(), config.textCharsMax()),
        failure.ruleId(),
        now,
        lastSignificantAt,
        now);
  }

  /** PostgreSQL's text cannot hold a NUL, and hostile texts can. */
  static String bounded(String text, int charsMax) {
    String start = text.length() <= charsMax ? text : text.substring(0, charsMax);
    return start.replace('\0', ' ');
  }
}
