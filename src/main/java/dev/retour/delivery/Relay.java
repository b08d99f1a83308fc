package dev.retour.delivery;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A server mails are handed to, and how. Connections are pooled by it: two relays that differ in
 * anything share none.
 *
 * @param mailbox the name of our account at it, which is paused when it cannot be used; null: a
 *     stranger's mail exchanger, whose faults are those of the mails to it
 * @param host its name, also the one in its certificate
 * @param address where it is; null: by its name
 */
public record Relay(
    @Nullable String mailbox,
    String host,
    @Nullable InetAddress address,
    int port,
    RelayConfig.Tls tls,
    SmtpLogin login,
    Terms terms) {

  /**
   * How to speak to it.
   *
   * @param ehloName the name we greet with; empty: this host's
   * @param messagesPerConnection mails before a new connection is opened
   * @param pipelining false: one command at a time, whatever is offered (RFC 2920)
   */
  public record Terms(
      String ehloName,
      SmtpTimeouts timeouts,
      int messagesPerConnection,
      boolean pipelining,
      Dsn dsn) {}

  /** Which delivery reports are asked for, where the server offers it (RFC 3461). */
  public enum Dsn {
    /** None: the server does as it likes, which is to report failures. */
    DEFAULT,
    /** Failures, with our references. */
    FAILURE,
    /** Failures and arrivals. */
    SUCCESS
  }

  /** A stranger's mail exchanger, spoken to as to this relay but without its login. */
  public static Relay exchanger(
      String host, InetAddress address, int port, RelayConfig.Tls tls, Terms terms) {
    return new Relay(null, host, address, port, tls, SmtpLogin.NONE, terms);
  }

  /** Whether it can be tried without a mail: a server of the settings or of a rule. */
  boolean isAccount() {
    return mailbox != null && !host.equals(RelayConfig.DIRECT);
  }

  String describe() {
    return host + ":" + port;
  }
}
