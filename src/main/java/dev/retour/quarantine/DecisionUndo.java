package dev.retour.quarantine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what was decided about many addresses at once, after a provider's outage or a wrong
 * rule: each goes back to the state it had before. First a plan, which changes nothing; then the
 * plan is carried out, address by address only where nothing has changed since it was made.
 */
public final class DecisionUndo {
  private static final int PAGE = 200;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final AddressStore addresses = new AddressStore();
  private final AddressHistoryStore history = new AddressHistoryStore();
  private final AddressWriter writer;

  /**
   * Works on the tables behind {@code jdbi}.
   *
   * @param listener is told what is taken back
   */
  public DecisionUndo(Jdbi jdbi, InstantSource clock, StandingListener listener) {
    this.writer = new AddressWriter(listener);
    this.jdbi = jdbi;
    this.clock = clock;
  }

  /**
   * Which decisions; all that is given must hold.
   *
   * @param addresses mask with {@code *} for any characters, for instance {@code *@icloud.com} or
   *     {@code *.icloud.com}; null for all
   * @param text part of what the other side said, in any case; null for any
   * @param rule id of the rule that decided; null for any
   * @param from first moment
   * @param until first moment no longer included
   */
  public record Selection(
      @Nullable String addresses,
      @Nullable String text,
      @Nullable String rule,
      Instant from,
      Instant until) {
    /** Nothing acts without an explicit selection. */
    public Selection {
      if (addresses == null && text == null && rule == null) {
        throw new IllegalArgumentException("Name the addresses, the text or the rule.");
      }
      if (!from.isBefore(until)) {
        throw new IllegalArgumentException("The time span is empty: it ends before it begins.");
      }
    }
  }

  /**
   * What becomes of one address.
   *
   * @param now its state
   * @param back the state it had before the first of the decisions
   * @param errors the counter it had then
   * @param lastChange number of its newest history row when the plan was made
   * @param refusal why it is left alone; null when it is taken back
   */
  public record Step(
      String address,
      AddressState now,
      AddressState back,
      int errors,
      long lastChange,
      @Nullable String refusal) {}

  /** What would happen, by address. Changes nothing. */
  public List<Step> plan(Selection selection) {
    return jdbi.withHandle(handle -> history.undoable(handle, selection));
  }

  /**
   * Carries a plan out, a transaction per page.
   *
   * @param who the person, for the history
   * @param why the person's reason, for the history
   * @return how many addresses were taken back; what changed since the plan is left alone
   */
  public int carryOut(List<Step> plan, String who, String why) {
    List<Step> steps = plan.stream().filter(step -> step.refusal() == null).toList();
    int done = 0;
    for (int from = 0; from < steps.size(); from += PAGE) {
      List<Step> page = new ArrayList<>(steps.subList(from, Math.min(from + PAGE, steps.size())));
      page.sort((one, other) -> one.address().compareTo(other.address()));
      done +=
          jdbi.inTransaction(
              handle ->
                  page.stream().mapToInt(step -> takeBack(handle, step, who, why) ? 1 : 0).sum());
    }
    return done;
  }

  private boolean takeBack(Handle handle, Step step, String who, String why) {
    AddressEntry row = addresses.lock(handle, step.address()).orElse(null);
    if (row == null || history.newestId(handle, step.address()) != step.lastChange()) {
      return false;
    }
    boolean clean = step.back() == AddressState.VALID || step.back() == AddressState.ALLOWLISTED;
    AddressEntry next =
        new AddressEntry(
            row.address(),
            row.domain(),
            step.back(),
            step.errors(),
            clean ? null : row.reason(),
            clean ? null : row.failureText(),
            clean ? null : row.ruleId(),
            row.lastErrorAt(),
            clean ? null : row.lastSignificantAt(),
            clock.instant());
    writer.byHand(handle, row, next, null, new AddressWriter.ByHand(who, why));
    return true;
  }

  /** The mask as a pattern of SQL's LIKE; whatever else is special there is itself. */
  static @Nullable String like(@Nullable String mask) {
    return mask == null
        ? null
        : mask.strip()
            .toLowerCase(Locale.ROOT)
            .replace("\\", "\\\\")
            .replace("%", "\\%")
            .replace("_", "\\_")
            .replace('*', '%');
  }
}
