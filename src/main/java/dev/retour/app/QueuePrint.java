package dev.retour.app;

import dev.retour.delivery.QueueDetail;
import dev.retour.delivery.QueueEntry;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;

/** Work packages for people; programs are given JSON. */
final class QueuePrint {
  private final PrintWriter out;

  QueuePrint(PrintWriter out) {
    this.out = out;
  }

  /**
   * One line each.
   *
   * @param limit how many were asked for; as many mean that there may be more
   */
  void page(List<QueueEntry> page, int limit) {
    page.forEach(this::row);
    out.println(
        page.isEmpty()
            ? "No work package matches."
            : page.size() < limit
                ? page.size() + (page.size() == 1 ? " work package." : " work packages.")
                : "More: --before " + page.get(page.size() - 1).id());
  }

  private void row(QueueEntry entry) {
    out.printf(
        "%-8d %-9s %s  %-32s %-20s %-12s tries %d%s%s%n",
        entry.id(),
        entry.state(),
        Operator.time(entry.createdAt()),
        Operator.shown(entry.recipient()),
        Operator.shown(entry.message()),
        Operator.shown(entry.document()),
        entry.attempts(),
        entry.dueAt() == null ? "" : "  next " + Operator.time(entry.dueAt()),
        entry.failure() == null ? "" : "  " + Operator.shown(entry.failure().text()));
  }

  /** One with all that happened to it. */
  void detail(QueueDetail detail) {
    row(detail.entry());
    out.println("  subject  " + Operator.shown(detail.subject()));
    out.printf(
        "  mail     %s, %d bytes, processor %s, %s, generation %d%n",
        Operator.shown(detail.messageId()),
        detail.bytes(),
        detail.entry().processor(),
        detail.entry().role(),
        detail.entry().generation());
    Instant seenAt = detail.entry().told().acknowledgedAt();
    if (seenAt != null) {
      out.printf(
          "  seen     %s by %s%n",
          Operator.time(seenAt), Operator.shown(detail.entry().told().acknowledgedBy()));
    }
    out.println("  bounces  " + detail.bounces());
    for (QueueDetail.Attempt attempt : detail.attempts()) {
      out.printf(
          "  attempt  %d %s %s by %s  %s%n",
          attempt.number(),
          Operator.time(attempt.startedAt()),
          attempt.phase(),
          Operator.shown(attempt.owner()),
          Operator.shown(attempt.reply()));
    }
    for (QueueDetail.Note note : detail.log()) {
      out.printf(
          "  log      %s %s by %s  %s%n",
          Operator.time(note.at()),
          note.what(),
          Operator.shown(note.who()),
          Operator.shown(note.text()));
    }
  }
}
