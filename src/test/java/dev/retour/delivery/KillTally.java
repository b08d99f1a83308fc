package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.support.CountingSink;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** One row of the kill matrix: what became of all packages of all runs of one way to die. */
final class KillTally {
  /** The head of the table. */
  static final String HEAD =
      String.format(
          "%-34s %5s %9s %9s %9s %5s %16s %10s %19s",
          "killed at",
          "runs",
          "packages",
          "accepted",
          "sent",
          "lost",
          "unasked doubles",
          "uncertain",
          "expected uncertain");

  private final String killedAt;
  private int runs;
  private int packages;
  private int accepted;
  private int sent;
  private int lost;
  private int doubles;
  private int uncertain;
  private int expected;

  KillTally(String killedAt) {
    this.killedAt = killedAt;
  }

  /** A package with what the database and the sink say about it. */
  record Row(long id, String state, String messageId, boolean handedOver) {}

  /** Every package once, and whether any attempt of it had come to the final dot. */
  static List<Row> rows(Jdbi jdbi) {
    return jdbi.withHandle(
        h ->
            h.createQuery(
                    "SELECT p.id, p.state, c.message_id, EXISTS (SELECT 1 FROM attempt a WHERE"
                        + " a.package_id = p.id AND a.body_sent_at IS NOT NULL) FROM work_package p"
                        + " JOIN mail_content c ON c.id = p.content_id")
                .map(
                    (r, x) ->
                        new Row(r.getLong(1), r.getString(2), r.getString(3), r.getBoolean(4)))
                .list());
  }

  /**
   * What is in the gap when no process died: handed over, and the relay never told its answer. The
   * sink knows; the sender's own judgement is not asked.
   */
  static Set<Long> unanswered(Jdbi jdbi, CountingSink sink) {
    return rows(jdbi).stream()
        .filter(row -> row.handedOver() && !sink.answered(row.messageId()))
        .map(Row::id)
        .collect(Collectors.toSet());
  }

  /**
   * Counts one run and holds each package against what must have become of it.
   *
   * @param ids all that were queued
   * @param gap those that must be uncertain, and no others
   */
  void count(Jdbi jdbi, CountingSink sink, List<Long> ids, Set<Long> gap) {
    List<Row> rows = rows(jdbi);
    assertThat(rows).extracting(Row::id).containsExactlyInAnyOrderElementsOf(ids);
    runs++;
    packages += rows.size();
    accepted += sink.takenInAll();
    expected += gap.size();
    for (Row row : rows) {
      int taken = sink.taken(row.messageId());
      boolean isUncertain = row.state().equals("uncertain");
      sent += row.state().equals("sent") ? 1 : 0;
      uncertain += isUncertain ? 1 : 0;
      lost += taken == 0 && !isUncertain ? 1 : 0;
      doubles += Math.max(0, taken - 1);
      assertThat(row.state()).as("%s", row).isIn("sent", "uncertain");
      assertThat(gap.contains(row.id())).as("in the gap: %s", row).isEqualTo(isUncertain);
    }
  }

  /** lost = 0, doubles = 0, uncertain = exactly those in the gap. */
  void check() {
    assertThat(lost).as("lost").isZero();
    assertThat(doubles).as("taken twice").isZero();
    assertThat(uncertain).as("uncertain").isEqualTo(expected);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-34s %5d %9d %9d %9d %5d %16d %10d %19d",
        killedAt,
        runs,
        packages,
        accepted,
        sent,
        lost,
        doubles,
        uncertain,
        expected);
  }
}
