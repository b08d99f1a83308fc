package dev.retour.app;

import dev.retour.delivery.Backlog;
import java.io.PrintWriter;

/** How speed and dead rows develop while a queue is drained: one line each so many mails. */
final class ThroughputReport {
  private static final double SECOND = 1e9;
  private static final int PERCENT = 100;

  private final PrintWriter out;
  private final int every;
  private long steps;
  private long mails;
  private long since;
  private double first;
  private double last;

  /** {@code every} 0 prints nothing. */
  ThroughputReport(PrintWriter out, int every) {
    this.out = out;
    this.every = every;
  }

  /** So many mails have been begun by now. */
  void at(long begun, Backlog backlog) {
    long now = System.nanoTime();
    if (every == 0 || begun == 0) {
      return;
    }
    if (since == 0) {
      since = now;
      mails = begun; // those claimed before the first look are in no figure
      return;
    }
    if (begun / every > steps) {
      steps = begun / every;
      last = (begun - mails) * SECOND / (now - since);
      first = first == 0 ? last : first;
      StringBuilder dead = new StringBuilder();
      backlog
          .deadTuples()
          .forEach((table, rows) -> dead.append(String.format(" %s %,d", table, rows)));
      out.printf("after      %,d: %,.0f a second; dead rows:%s%n", begun, last, dead);
      out.flush();
      mails = begun;
      since = now;
    }
  }

  /** The last line: how much of the first speed is left. */
  void end() {
    if (steps > 1) {
      out.printf(
          "steady     the last %,d at %.0f %% of the first %,d (at least 90 %%)%n",
          every, last * PERCENT / first, every);
    }
  }
}
