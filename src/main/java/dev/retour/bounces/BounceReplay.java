package dev.retour.bounces;

import dev.retour.mail.MailKind;
import dev.retour.qualification.FailureType;
import dev.retour.qualification.QualificationTable;
import dev.retour.quarantine.AddressState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The rule lab: judges every stored bounce anew, by rules that are not in force yet, and tells what
 * they would have decided otherwise. Changes nothing.
 */
public final class BounceReplay {
  private final BounceStore store = new BounceStore();
  private final Jdbi jdbi;
  private final BounceAssessor edited;
  private final QualificationTable table;

  /**
   * Replays with a reader and rules; what persons have classified in the qualification table goes
   * before them, as it does when a bounce comes.
   *
   * @param edited the rules to try
   */
  public BounceReplay(Jdbi jdbi, BounceAssessor edited, QualificationTable table) {
    this.jdbi = jdbi;
    this.edited = edited;
    this.table = table;
  }

  /** What a change would mean for the address. */
  public enum Effect {
    /** It is judged otherwise; nobody is barred or freed by that alone. */
    NONE,
    /** The address would go to quarantine at once. */
    QUARANTINED,
    /** The address is in quarantine and would not have gone there. */
    RELEASED
  }

  /**
   * A decision that would be another one.
   *
   * @param address whom it is about: the address we sent to, else the one the report names
   * @param before type, reason and rule as decided then, for instance {@code hard/1 user-unknown}
   * @param after the same by the edited rules
   */
  public record Change(long bounce, String address, String before, String after, Effect effect) {}

  /**
   * What was looked at.
   *
   * @param bounces stored mails
   * @param decisions recipients in them
   * @param changes how many decisions would change, by {@code before -> after}
   */
  public record Summary(int bounces, int decisions, Map<String, Integer> changes) {}

  /**
   * Replays all stored bounces, oldest first.
   *
   * @param changed is told each decision that would change
   */
  public Summary run(Consumer<Change> changed) {
    return jdbi.inTransaction(
        handle -> {
          Walk walk = new Walk(handle, changed);
          store.eachDecision(handle, walk);
          return new Summary(walk.bounces, walk.decisions, walk.changes);
        });
  }

  private final class Walk implements BounceStore.Visitor {
    private final Handle handle;
    private final Consumer<Change> changed;
    private final Map<String, Integer> changes = new TreeMap<>();
    private long bounce = -1;
    private int place;
    private int bounces;
    private int decisions;
    private List<Assessment.Judged> judged = List.of();

    Walk(Handle handle, Consumer<Change> changed) {
      this.handle = handle;
      this.changed = changed;
    }

    @Override
    public void take(ResultSet row) throws SQLException {
      if (row.getLong("id") != bounce) {
        bounce = row.getLong("id");
        bounces++;
        place = 0;
        judged = judged(edited.assess(row.getBytes("raw")));
      }
      decisions++;
      Assessment.Judged now = find(row.getString("reported"));
      place++;
      String before =
          words(
              row.getString("failure_type"),
              row.getInt("failure_reason"),
              row.getString("rule_id"));
      String after =
          now == null
              ? "not found any more"
              : words(
                  now.verdict().type().label(),
                  now.verdict().reason().code(),
                  now.verdict().ruleId());
      if (before.equals(after)) {
        return;
      }
      changes.merge(before + " -> " + after, 1, Integer::sum);
      String sentTo = row.getString("sent_to");
      String reported = row.getString("reported");
      String address = sentTo != null ? sentTo : reported != null ? reported : "nobody named";
      changed.accept(new Change(bounce, address, before, after, effect(row, now)));
    }

    private List<Assessment.Judged> judged(Assessment assessment) {
      MailKind kind = assessment.report().kind();
      return assessment.judged().stream()
          .map(each -> BounceDesk.byTable(table, handle, kind, each))
          .toList();
    }

    /** The recipient of the same name; where the report names none, the one at the same place. */
    private Assessment.@Nullable Judged find(@Nullable String reported) {
      if (reported != null) {
        String name = reported.toLowerCase(Locale.ROOT);
        for (Assessment.Judged each : judged) {
          if (each.recipient() != null
              && each.recipient().finalRecipient().text().toLowerCase(Locale.ROOT).equals(name)) {
            return each;
          }
        }
      }
      return place < judged.size() ? judged.get(place) : null;
    }
  }

  private static Effect effect(ResultSet row, Assessment.@Nullable Judged now) throws SQLException {
    if (row.getString("sent_to") == null || row.getString("correlation").equals("unmatched")) {
      return Effect.NONE; // an unproved bounce changes no address, whatever the rules say
    }
    boolean before = row.getString("failure_type").equals(FailureType.HARD.label());
    boolean after = now != null && now.verdict().type() == FailureType.HARD;
    String state = row.getString("state");
    boolean barred =
        AddressState.QUARANTINED.label().equals(state)
            || AddressState.DENYLISTED.label().equals(state);
    if (!before && after && !barred && !AddressState.ALLOWLISTED.label().equals(state)) {
      return Effect.QUARANTINED;
    }
    return before && !after && AddressState.QUARANTINED.label().equals(state)
        ? Effect.RELEASED
        : Effect.NONE;
  }

  private static String words(String type, int reason, String rule) {
    return type + "/" + reason + " " + rule;
  }
}
