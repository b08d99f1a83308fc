package dev.retour.events;

import java.util.List;

/** What became of a batch of events. */
public sealed interface BatchAnswer {
  /** Each line was answered by itself, in order. */
  record Lines(List<Line> lines) implements BatchAnswer {
    /** Copies the list. */
    public Lines {
      lines = List.copyOf(lines);
    }
  }

  /**
   * The answer to one line.
   *
   * @param number of the line in the body, from 1; empty lines count and are not answered
   */
  record Line(int number, IntakeAnswer answer) {}

  /**
   * No line was accepted, now or before: the event type is unknown or takes no events, or the key
   * is none.
   */
  record Refused(IntakeAnswer answer) implements BatchAnswer {}

  /** No line was looked at: there are more than allowed. */
  record TooMany(int linesMax) implements BatchAnswer {}

  /** No line was looked at: as many batches as allowed are being taken in. */
  record Busy() implements BatchAnswer {}
}
