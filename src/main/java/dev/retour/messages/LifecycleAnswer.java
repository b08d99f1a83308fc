package dev.retour.messages;

import dev.retour.config.FileFault;
import java.util.List;

/** What became of a wish to change where a message stands. */
public sealed interface LifecycleAnswer {
  /**
   * It is done and committed.
   *
   * @param sentence what is different now, for people
   */
  record Done(Standing standing, String sentence) implements LifecycleAnswer {}

  /** Publishing is refused as a whole; every fault, in the order of files and lines. */
  record Refused(List<FileFault> faults) implements LifecycleAnswer {
    public Refused {
      faults = List.copyOf(faults);
    }
  }

  /**
   * The message does not stand where this can be done; nothing was changed.
   *
   * @param sentence why, and what can be done instead
   */
  record NotPossible(String sentence) implements LifecycleAnswer {}
}
