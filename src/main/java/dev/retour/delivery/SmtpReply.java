package dev.retour.delivery;

import java.util.List;

/**
 * One answer of a server (RFC 5321 section 4.2), already harmless: printable, bounded.
 *
 * @param code 200 to 599
 * @param lines as sent, with their codes; never empty
 */
record SmtpReply(int code, List<String> lines) {
  static final int SERVICE_READY = 220;
  static final int START_BODY = 354;
  static final int CLOSING = 421;

  SmtpReply {
    lines = List.copyOf(lines);
  }

  boolean isPositive() {
    return code / 100 == 2;
  }

  /** The server wants more. */
  boolean isIntermediate() {
    return code / 100 == 3;
  }

  boolean isRefusal() {
    return code >= 400;
  }

  /** The whole answer on one line. */
  String text() {
    return lines.size() == 1 ? lines.get(0) : String.join(" ", lines);
  }
}
