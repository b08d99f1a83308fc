package dev.retour.domains;

import java.time.Duration;

/**
 * When sending to a domain pauses, and how it begins again (spec B8.2).
 *
 * @param window how far back messages and errors are counted
 * @param messages the fewest messages in the window that say anything
 * @param errorPercent the share of errors, in percent, from which on sending pauses
 * @param pause how long
 * @param probes how many mails go first afterwards
 * @param ramp how long each step of the way up lasts; the allowance doubles from step to step until
 *     it exceeds {@code messages}
 */
public record SuspensionPolicy(
    Duration window, int messages, int errorPercent, Duration pause, int probes, Duration ramp) {

  boolean isBad(long counted, long errors) {
    return errors * 100 >= counted * errorPercent;
  }

  /** How many mails may go in a step of the way up, counted from 1. */
  int allowance(int step) {
    return (int) Math.min((long) probes << Math.min(step - 1, 30), Integer.MAX_VALUE);
  }
}
