package dev.retour.domains;

import java.time.Duration;
import java.util.List;

/**
 * How a mail exchanger may be treated (spec B8.3). All limits hold over all sidecars on one
 * database.
 *
 * @param masks the names of the hosts it is for
 * @param because why
 * @param per whether the hosts of the rule share the limits
 * @param connections the most at a time
 * @param messagesPerConnection mails before a new connection is made
 * @param messagesPerHour spread over 12 slots of 5 minutes; 0: no limit
 */
public record MxRule(
    List<String> masks,
    String because,
    Per per,
    int connections,
    int messagesPerConnection,
    int messagesPerHour,
    Timeouts timeouts,
    TlsMode tls) {
  private static final int SLOTS = 12;

  /** What limits are counted by. */
  public enum Per {
    /** All hosts of the rule together: one provider with many hosts. */
    RULE,
    /** Each host by itself. */
    HOST
  }

  /**
   * How long to wait.
   *
   * @param connect for the connection
   * @param answer for each answer but the last
   * @param data for the answer to the final dot
   */
  public record Timeouts(Duration connect, Duration answer, Duration data) {}

  boolean isFor(String host) {
    return masks.stream().anyMatch(mask -> new Mask(mask).matches(host));
  }

  /** The mails of a slot of 5 minutes, numbered in its hour from 0: 10,000 an hour are 833. */
  int messagesInSlot(int slot) {
    return messagesPerHour >= SLOTS
        ? messagesPerHour / SLOTS
        : (slot + 1) * messagesPerHour / SLOTS - slot * messagesPerHour / SLOTS;
  }

  /** The name its limits are counted under. */
  String countedAs(String host) {
    return per == Per.RULE ? "rule " + masks.get(0) : "host " + host;
  }
}
