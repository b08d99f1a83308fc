package dev.retour.app;

import dev.retour.messages.MessageLogEntry;
import dev.retour.messages.MessageView;
import java.io.PrintWriter;
import java.util.List;

/** Messages on a terminal. */
final class MessagesPrint {
  private MessagesPrint() {}

  /** One message on one line, and who put it there on another. */
  static void line(PrintWriter out, MessageView view) {
    out.printf(
        "%-40s %-10s %-14s %s%n",
        view.id(),
        view.state(),
        view.version() == null ? "no version" : "version " + view.version(),
        switch (view.folder()) {
          case MISSING -> "no folder";
          case SAME -> "";
          case DIFFERS -> "the folder differs: publish it, or look with diff";
          case DRAFT -> "a draft: publish it";
        });
    if (view.changedBy() != null && view.changedAt() != null) {
      out.printf(
          "    since %s by %s  %s%n",
          Operator.time(view.changedAt()),
          Operator.shown(view.changedBy()),
          Operator.shown(view.because()));
    }
  }

  /** What was done to it, one line each. */
  static void history(PrintWriter out, List<MessageLogEntry> entries) {
    entries.forEach(
        entry ->
            out.printf(
                "%s  %-12s %-12s by %s  %s%n",
                Operator.time(entry.at()),
                entry.what().label(),
                entry.version() == null ? "" : "version " + entry.version(),
                Operator.shown(entry.who()),
                Operator.shown(entry.because())));
  }
}
