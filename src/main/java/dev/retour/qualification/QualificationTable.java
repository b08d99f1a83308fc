package dev.retour.qualification;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The qualification table (spec B7, B15): every kind of failure text ever met is one row, counted,
 * and a person may classify it there once for all, over the rules. Safe for many threads and many
 * sidecars.
 *
 * <p>Who counts several texts in one transaction takes them in the order of {@link #key}, and
 * before any other row it locks, or PostgreSQL may have to break a deadlock.
 */
public final class QualificationTable {
  /** Counting stops here (spec B7). */
  public static final int OCCURRENCES_MAX = 100_000;

  private static final int FIRST_TEXT_CHARS_MAX = 2_000;
  private static final int LIST_MAX = 10_000;

  private final InstantSource clock;
  private final QualificationStore store = new QualificationStore();

  public QualificationTable(InstantSource clock) {
    this.clock = clock;
  }

  /** A text with its variable parts replaced, for people; empty when it says nothing. */
  public static String normalised(String said) {
    return clean(Normaliser.normalise(said));
  }

  /**
   * What all texts of one kind have in common: the normalised text without regard to upper and
   * lower case, to brackets and quotes around addresses, and to the stop at its end. Mail servers
   * differ in those and mean the same.
   */
  public static String key(String said) {
    return folded(normalised(said));
  }

  /** The key as a hash of fixed length, for tables. */
  public static byte[] keySha256(String said) {
    return QualificationStore.sha256(key(said));
  }

  private static String folded(String normalised) {
    StringBuilder folded = new StringBuilder(normalised.length());
    for (int i = 0; i < normalised.length(); i++) {
      char c = normalised.charAt(i);
      if ("<>\"'`".indexOf(c) < 0) {
        folded.append(Character.toLowerCase(c));
      }
    }
    int end = folded.length();
    while (end > 0 && ".!; ".indexOf(folded.charAt(end - 1)) >= 0) {
      end--;
    }
    folded.setLength(end);
    return folded.toString();
  }

  /**
   * Counts a text that is proved to be about a mail of ours, and says what it means: as its row was
   * classified by a person, else as the rules have it.
   */
  public Verdict decide(Handle handle, String said, Verdict byRules) {
    String text = normalised(said);
    String key = folded(text);
    return key.isEmpty()
        ? byRules
        : verdict(
            store.count(
                handle,
                new QualificationStore.Kind(key, text, first(said)),
                byRules,
                clock.instant()),
            byRules);
  }

  /** The same without counting: for what strangers may have made up, and for trying rules. */
  public Verdict look(Handle handle, String said, Verdict byRules) {
    return store.byKey(handle, key(said)).map(row -> verdict(row, byRules)).orElse(byRules);
  }

  /**
   * The rows, the most frequent first.
   *
   * @param status only these; null for all
   * @param part only texts that hold these words; null for all
   */
  public List<QualifiedText> list(
      Handle handle, @Nullable QualificationStatus status, @Nullable String part, int max) {
    return store.list(handle, status, part, Math.min(Math.max(max, 0), LIST_MAX));
  }

  /** One row. */
  public Optional<QualifiedText> find(Handle handle, long id) {
    return store.byId(handle, id);
  }

  /**
   * Classifies a kind of text, from its next occurrence on.
   *
   * @param type null: as it was
   * @param reason null: as it was
   * @param who the person
   * @return the row as it is now; empty when there is none of that number
   */
  public Optional<QualifiedText> classify(
      Handle handle,
      long id,
      QualificationStatus status,
      @Nullable FailureType type,
      @Nullable Reason reason,
      String who) {
    return store
        .byId(handle, id)
        .map(row -> classified(row, status, type, reason, who))
        .filter(row -> store.decide(handle, row, clock.instant()));
  }

  /** Counts from zero again (spec B7: editable). */
  public boolean reset(Handle handle, long id) {
    return store.reset(handle, id);
  }

  /** Deletes rows nobody classified and nobody said for so long; how many there were. */
  public int forget(Handle handle, Duration after) {
    return store.deleteForgotten(handle, clock.instant().minus(after));
  }

  private static QualifiedText classified(
      QualifiedText row,
      QualificationStatus status,
      @Nullable FailureType type,
      @Nullable Reason reason,
      String who) {
    return new QualifiedText(
        row.id(),
        row.text(),
        row.firstText(),
        row.occurrences(),
        status,
        type == null ? row.type() : type,
        reason == null ? row.reason() : reason,
        row.ruleId(),
        row.firstSeenAt(),
        row.lastSeenAt(),
        who);
  }

  private static Verdict verdict(QualifiedText row, Verdict byRules) {
    String rule = "table-" + row.id();
    return switch (row.status()) {
      case TO_QUALIFY -> byRules;
      case KEEP ->
          new Verdict(
              row.type(),
              row.reason(),
              rule,
              "A person classified texts of this kind, " + row.decidedBy() + ".",
              byRules.rulesVersion());
      case IGNORE ->
          new Verdict(
              FailureType.IGNORED,
              row.reason(),
              rule,
              "A person wants texts of this kind passed over, " + row.decidedBy() + ".",
              byRules.rulesVersion());
    };
  }

  private static String first(String said) {
    return clean(said.substring(0, Math.min(said.length(), FIRST_TEXT_CHARS_MAX)));
  }

  /** PostgreSQL takes every character of Unicode but one; halves of pairs are none. */
  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .map(
            c ->
                c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                    ? 0xfffd
                    : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }
}
