package dev.retour.app;

import dev.retour.delivery.QueueFilter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which work packages a command changes, and whether it does. */
final class QueueSelection {
  @Mixin private QueueWhich which = new QueueWhich();

  @Option(names = "--all", description = "Every package there is; instead of a filter.")
  private boolean all;

  @Option(names = "--yes", description = "Does it; without, it is only counted.")
  private boolean yes;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  boolean yes() {
    return yes;
  }

  boolean json() {
    return json;
  }

  /** False when nothing was named: then nothing is changed, ever (spec E1.1). */
  boolean isExplicit() {
    return all || !filter().isEmpty();
  }

  QueueFilter filter() {
    return which.filter();
  }
}
