package dev.retour.app;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.delivery.QueueDesk;
import dev.retour.delivery.QueueEntry;
import dev.retour.delivery.QueueJson;
import dev.retour.delivery.QueueOrder;
import dev.retour.delivery.QueueOutcome;
import java.io.PrintWriter;
import picocli.CommandLine;

/**
 * Changes the packages of a selection: counts and shows them, and acts with {@code --yes} only. The
 * exit code is 0 when all that was wanted was done (or nothing was wanted yet), 1 when some or all
 * were left alone, 2 when nothing was selected.
 */
final class QueueChange {
  private static final int SHOWN_MAX = 20;
  private static final int LEFT_ALONE = 1;
  private static final int NOTHING_SELECTED = 2;

  private final QueueDesk desk;
  private final PrintWriter out;
  private final PrintWriter err;

  QueueChange(QueueDesk desk, CommandLine line) {
    this.desk = desk;
    this.out = line.getOut();
    this.err = line.getErr();
  }

  int carryOut(QueueOrder order, QueueSelection which) {
    if (!which.isExplicit()) {
      err.println("Name ids, a filter or --all; nothing was changed.");
      return NOTHING_SELECTED;
    }
    long count = desk.count(which.filter());
    int code = which.yes() ? act(order, which, count) : plan(order, which, count);
    out.flush();
    return code;
  }

  private int plan(QueueOrder order, QueueSelection which, long count) {
    if (which.json()) {
      ObjectNode json = JsonNodeFactory.instance.objectNode().put("matched", count);
      out.println(json.put("changed", 0).put("dryRun", true).toPrettyString());
      return count == 0 ? LEFT_ALONE : 0;
    }
    for (QueueEntry entry : desk.list(which.filter(), Long.MAX_VALUE, SHOWN_MAX)) {
      out.printf(
          "  %-8d %-9s %s%s%n",
          entry.id(),
          entry.state(),
          Operator.shown(entry.recipient()),
          order.action().from().contains(entry.state()) ? "" : "  (will be left alone)");
    }
    if (count > SHOWN_MAX) {
      out.println("  … and " + (count - SHOWN_MAX) + " more");
    }
    out.printf(
        "%d work packages match %s. Nothing was changed; add --yes.%n",
        count, order.action().label());
    return count == 0 ? LEFT_ALONE : 0;
  }

  private int act(QueueOrder order, QueueSelection which, long count) {
    ProgressBar progress = new ProgressBar(System.err, "Changing", (int) Math.min(count, 1 << 30));
    QueueDesk.Bulk bulk =
        desk.actAll(order, which.filter(), done -> progress.at((int) Math.min(done, 1 << 30)));
    if (which.json()) {
      out.println(QueueJson.of(bulk).toPrettyString());
    } else {
      for (QueueOutcome refusal : bulk.refusals()) {
        out.println("  " + refusal.id() + " left alone: " + Operator.shown(refusal.sentence()));
      }
      out.printf(
          "%d of %d work packages: %s.%s%n",
          bulk.changed(),
          bulk.matched(),
          order.action().done(),
          bulk.refused() == 0 ? "" : " " + bulk.refused() + " left alone.");
    }
    return bulk.matched() > 0 && bulk.refused() == 0 ? 0 : LEFT_ALONE;
  }
}
