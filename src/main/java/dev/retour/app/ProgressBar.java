package dev.retour.app;

import java.io.PrintStream;
import java.io.PrintWriter;

/** A progress bar on a terminal; on anything else a line at every tenth. */
final class ProgressBar {
  private static final int WIDTH = 40;

  private final PrintWriter out;
  private final String label;
  private final int total;
  private final boolean terminal;
  private int lastTenth = -1;

  ProgressBar(PrintStream stream, String label, int total) {
    this.out = new PrintWriter(stream, true, java.nio.charset.StandardCharsets.UTF_8);
    this.label = label;
    this.total = Math.max(1, total);
    this.terminal = Boolean.getBoolean("retour.terminal");
  }

  synchronized void at(int done) {
    int tenth = done * 10 / total;
    if (terminal) {
      int filled = done * WIDTH / total;
      out.printf(
          "\r%s [%s%s] %d/%d", label, "#".repeat(filled), " ".repeat(WIDTH - filled), done, total);
      if (done == total) {
        out.println();
      }
      out.flush();
    } else if (tenth > lastTenth) {
      lastTenth = tenth;
      out.printf("%s %d/%d%n", label, done, total);
    }
  }
}
