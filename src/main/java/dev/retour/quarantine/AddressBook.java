package dev.retour.quarantine;

import dev.retour.qualification.FailureType;
import dev.retour.qualification.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Knows which addresses may be written to, and changes that by evidence (spec B4, B5, B15). Safe
 * for many threads and many sidecars. Who changes several addresses in one transaction takes them
 * in sorted order, or PostgreSQL may have to break a deadlock.
 */
public final class AddressBook {
  private final Jdbi jdbi;
  private final InstantSource clock;
  private final QuarantineConfig config;
  private final OutageGuard guard;
  private final AddressStore addresses = new AddressStore();
  private final AddressHistoryStore history = new AddressHistoryStore();
  private final AddressWriter writer;
  private final Gate gate;

  /** Works on the tables behind {@code jdbi}; without anybody who listens. */
  public AddressBook(Jdbi jdbi, InstantSource clock, QuarantineConfig config) {
    this(jdbi, clock, config, DomainReach.UNKNOWN, StandingListener.NOBODY);
  }

  /** A book whose changes are told, without rules beside it. */
  public AddressBook(
      Jdbi jdbi,
      InstantSource clock,
      QuarantineConfig config,
      DomainReach reach,
      StandingListener listener) {
    this(jdbi, clock, config, new Beside(reach, listener, Gate.Terms.NONE));
  }

  /**
   * What a book has to do with.
   *
   * @param reach how many addresses a domain has
   * @param listener is told of changes of an address's standing
   * @param gate the rules of the gate
   */
  public record Beside(DomainReach reach, StandingListener listener, Gate.Terms gate) {}

  /** A book whose changes are told, with the rules of the gate. */
  public AddressBook(Jdbi jdbi, InstantSource clock, QuarantineConfig config, Beside beside) {
    this.writer = new AddressWriter(beside.listener());
    this.jdbi = jdbi;
    this.clock = clock;
    this.config = config;
    this.guard = new OutageGuard(config.outage(), clock, beside.reach());
    this.gate = new Gate(jdbi, clock, beside.gate());
  }

  /** The gate in front of every mail. */
  public Gate gate() {
    return gate;
  }

  /** May a mail go to this address, whatever the mail is, given by its normalised form? */
  public GateAnswer gate(String addressKey) {
    return gates(List.of(addressKey)).get(0);
  }

  /** Of many addresses at once, in their order. */
  public List<GateAnswer> gates(List<String> addressKeys) {
    return gate.standing(addressKeys.stream().map(GateRequest::to).toList());
  }

  /**
   * Applies a failure to an address, within the caller's transaction.
   *
   * @return what became of the address; the sentence says it to the operator
   */
  public AddressChange apply(Handle handle, AddressFailure failure) {
    String address = key(failure.addressKey());
    if (!failure.cause().isOwnersWish() && failure.type() == FailureType.IGNORED) {
      AddressState state = addresses.state(handle, address).orElse(AddressState.VALID);
      return new AddressChange(
          address, state, state, 0, failure.reason(), "Not counted: no problem of the address.");
    }
    AddressEntry row = hold(handle, address);
    return new FailureRules(handle, history, config, clock.instant())
        .decide(row, failure)
        .map(decision -> guarded(handle, row, decision, failure))
        .map(decision -> write(handle, row, decision, failure))
        .orElseGet(
            () ->
                new AddressChange(
                    address,
                    row.state(),
                    row.state(),
                    row.errors(),
                    failure.reason(),
                    "Nothing changes: the address is already barred."));
  }

  /**
   * Mails were accepted: who was with errors is valid again.
   *
   * @param references what stands in the history, by address
   */
  public void delivered(Handle handle, Map<String, String> references) {
    Map<String, AddressState> states = addresses.states(handle, references.keySet());
    states.keySet().stream()
        .sorted() // one order of locks for all
        .filter(key -> states.get(key) == AddressState.WITH_ERRORS)
        .forEach(key -> delivered(handle, key, references.get(key)));
  }

  /**
   * A mail was accepted: errors are forgotten, quarantine and denylist are not (spec B4, B5).
   *
   * @return the change, or nothing when the address had no errors
   */
  public Optional<AddressChange> delivered(
      Handle handle, String addressKey, @Nullable String reference) {
    String address = key(addressKey);
    if (addresses.state(handle, address).orElse(AddressState.VALID) != AddressState.WITH_ERRORS) {
      return Optional.empty();
    }
    AddressEntry row = hold(handle, address);
    if (row.state() != AddressState.WITH_ERRORS) {
      return Optional.empty();
    }
    release(handle, row, Cause.SENT, reference);
    return Optional.of(
        new AddressChange(
            address,
            row.state(),
            AddressState.VALID,
            0,
            reason(row),
            "A mail was accepted: the address is valid again."));
  }

  /**
   * Sets a state by hand.
   *
   * @param who the person, for the history
   * @param why the person's reason, for the history
   */
  public AddressChange set(String address, AddressState state, String who, String why) {
    String key = key(address);
    return jdbi.inTransaction(
        handle -> {
          AddressEntry row = hold(handle, key);
          Instant now = clock.instant();
          boolean clean = state == AddressState.VALID || state == AddressState.ALLOWLISTED;
          AddressEntry next =
              new AddressEntry(
                  key,
                  row.domain(),
                  state,
                  clean ? 0 : row.errors(),
                  clean ? null : row.reason(),
                  bounded(why),
                  null,
                  row.lastErrorAt(),
                  clean ? null : row.lastSignificantAt(),
                  now);
          writer.byHand(handle, row, next, null, new AddressWriter.ByHand(who, next.failureText()));
          return new AddressChange(
              key,
              row.state(),
              state,
              next.errors(),
              reason(next),
              "Set to " + state.label().replace('_', ' ') + " by " + who + ".");
        });
  }

  /** How many addresses are in each state; all states present. */
  public Map<AddressState, Long> counts() {
    return jdbi.withHandle(addresses::counts);
  }

  /** The addresses of one state, last changed first. */
  public List<AddressEntry> list(AddressState state, int limit) {
    int max = Math.min(Math.max(limit, 0), config.listMax());
    return jdbi.withHandle(handle -> addresses.list(handle, state, max));
  }

  /** The changes of one address, newest first. */
  public List<AddressHistoryEntry> history(String address, int limit) {
    int max = Math.min(Math.max(limit, 0), config.listMax());
    return jdbi.withHandle(handle -> history.newest(handle, key(address), max));
  }

  private FailureRules.Decision guarded(
      Handle handle, AddressEntry row, FailureRules.Decision decision, AddressFailure failure) {
    if (decision.next().state() != AddressState.QUARANTINED
        || row.state() == AddressState.QUARANTINED) {
      return decision; // only what is newly barred can be held; a bar there was before stays
    }
    return guard
        .hold(handle, row.domain(), failure)
        .map(sentence -> new FailureRules.Decision(decision.next().heldFrom(row), sentence))
        .orElse(decision);
  }

  private AddressChange write(
      Handle handle, AddressEntry row, FailureRules.Decision decision, AddressFailure failure) {
    AddressEntry next = decision.next();
    writer.failed(handle, row, next, failure, bounded(failure.text()));
    Reason shown =
        next.state() == AddressState.ALLOWLISTED ? Reason.ERROR_IGNORED : failure.reason();
    return new AddressChange(
        row.address(), row.state(), next.state(), next.errors(), shown, decision.sentence());
  }

  private AddressEntry hold(Handle handle, String address) {
    String domain = address.substring(address.lastIndexOf('@') + 1);
    return addresses
        .insertValid(handle, address, domain, clock.instant())
        .or(() -> addresses.lock(handle, address))
        .orElseThrow(
            () -> new IllegalStateException("The address row vanished; the change is undone."));
  }

  /** Makes a row its transaction holds valid again. */
  void release(Handle handle, AddressEntry row, Cause cause, @Nullable String reference) {
    AddressEntry next =
        new AddressEntry(
            row.address(),
            row.domain(),
            AddressState.VALID,
            0,
            row.reason(),
            row.failureText(),
            row.ruleId(),
            row.lastErrorAt(),
            null,
            clock.instant());
    writer.released(handle, row, next, cause, reference);
  }

  private String bounded(String text) {
    return FailureRules.bounded(text, config.textCharsMax());
  }

  private static Reason reason(AddressEntry row) {
    Integer code = row.reason();
    return code == null ? Reason.NOT_DEFINED : Reason.ofCode(code).orElse(Reason.NOT_DEFINED);
  }

  private static String key(String address) {
    return address.strip().toLowerCase(Locale.ROOT);
  }
}
