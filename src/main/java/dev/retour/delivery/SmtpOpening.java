package dev.retour.delivery;

import dev.retour.qualification.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/**
 * Opens a session: connection, greeting, EHLO, STARTTLS, EHLO again, AUTH (RFC 5321, 3207, 4954).
 */
final class SmtpOpening {
  private static final int ADDRESSES_MAX = 8;

  private final SmtpTls tls;

  SmtpOpening(SmtpTls tls) {
    this.tls = tls;
  }

  /**
   * @throws SmtpException when mail cannot be handed over there; nothing was sent but greetings
   */
  SmtpConnection open(Relay relay) throws SmtpException {
    try {
      return open(relay, relay.tls());
    } catch (HandshakeFault e) {
      boolean mayBeOpen =
          relay.tls() == RelayConfig.Tls.OPPORTUNISTIC && relay.login() instanceof SmtpLogin.None;
      if (!mayBeOpen) {
        throw e;
      }
      // RFC 7435: who would take the mail in the clear anyway is not refused for broken TLS.
      return open(relay, RelayConfig.Tls.DISABLED);
    }
  }

  private SmtpConnection open(Relay relay, RelayConfig.Tls mode) throws SmtpException {
    Socket wire = connect(relay);
    boolean open = false;
    try {
      SmtpConnection connection = new SmtpConnection(relay, wire);
      if (mode == RelayConfig.Tls.IMPLICIT) {
        handshake(connection);
      }
      greet(connection);
      if (mode == RelayConfig.Tls.OPPORTUNISTIC || mode == RelayConfig.Tls.REQUIRED) {
        startTls(connection, mode);
      }
      SmtpAuth.login(connection);
      open = true;
      return connection;
    } catch (IOException e) {
      throw unreachable(relay, e);
    } finally {
      if (!open) {
        close(wire);
      }
    }
  }

  private static Socket connect(Relay relay) throws SmtpException {
    IOException last = new IOException("It has no address.");
    try {
      List<InetAddress> addresses =
          relay.address() != null
              ? List.of(relay.address())
              : List.of(InetAddress.getAllByName(relay.host()));
      for (InetAddress address : addresses.subList(0, Math.min(ADDRESSES_MAX, addresses.size()))) {
        Socket wire = new Socket();
        try {
          wire.setTcpNoDelay(true);
          wire.connect(
              new InetSocketAddress(address, relay.port()),
              (int) relay.terms().timeouts().connect().toMillis());
          return wire;
        } catch (IOException e) {
          close(wire);
          last = e;
        }
      }
    } catch (IOException e) {
      throw new SmtpException(
          Phase.CONNECT, 0, "The name " + relay.host() + " has no address in the DNS.", e);
    }
    throw unreachable(relay, last);
  }

  private static SmtpException unreachable(Relay relay, IOException fault) {
    String text = "No connection to " + relay.describe() + ": " + fault.getMessage();
    return new SmtpException(Phase.CONNECT, 0, text, fault);
  }

  private static void greet(SmtpConnection connection) throws SmtpException {
    SmtpReply greeting = connection.answer(Phase.CONNECT);
    if (greeting.code() != SmtpReply.SERVICE_READY) {
      throw SmtpException.refused(Phase.CONNECT, greeting);
    }
    ehlo(connection);
  }

  private static void ehlo(SmtpConnection connection) throws SmtpException {
    String name = EhloName.of(connection.relay().terms().ehloName(), connection.wire());
    SmtpReply ehlo = connection.ask(Phase.EHLO, "EHLO " + name);
    if (ehlo.isPositive()) {
      connection.extensions(SmtpExtensions.of(ehlo));
      return;
    }
    SmtpReply helo =
        ehlo.code() == SmtpReply.CLOSING ? ehlo : connection.ask(Phase.EHLO, "HELO " + name);
    if (!helo.isPositive()) {
      throw SmtpException.refused(Phase.EHLO, helo);
    }
  }

  private void startTls(SmtpConnection connection, RelayConfig.Tls mode) throws SmtpException {
    boolean required = mode == RelayConfig.Tls.REQUIRED;
    if (!connection.extensions().has("STARTTLS")) {
      if (required) {
        throw new SmtpException(
            Phase.EHLO,
            0,
            connection.relay().describe()
                + " offers no STARTTLS but TLS is required: nothing is sent in the clear.");
      }
      return;
    }
    SmtpReply ready = connection.ask(Phase.EHLO, "STARTTLS");
    if (ready.code() != SmtpReply.SERVICE_READY) {
      if (required || ready.code() == SmtpReply.CLOSING) {
        throw SmtpException.refused(Phase.EHLO, ready);
      }
      return;
    }
    refuseInjected(connection);
    handshake(connection);
    ehlo(connection);
  }

  /** What arrives before the handshake was not sent under TLS and must not count as if it was. */
  private static void refuseInjected(SmtpConnection connection) throws SmtpException {
    try {
      if (connection.hasUnread()) {
        throw new SmtpException(
            Phase.EHLO,
            0,
            connection.relay().describe()
                + " sent bytes between STARTTLS and the handshake, as an attacker would; the"
                + " connection is cut.");
      }
    } catch (IOException e) {
      throw unreachable(connection.relay(), e);
    }
  }

  private void handshake(SmtpConnection connection) throws HandshakeFault {
    try {
      connection.protect(tls);
    } catch (IOException e) {
      throw new HandshakeFault(
          "TLS with " + connection.relay().describe() + " failed: " + e.getMessage(), e);
    }
  }

  private static void close(Socket wire) {
    try {
      wire.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** No TLS came about. */
  private static final class HandshakeFault extends SmtpException {
    private static final long serialVersionUID = 1L;

    HandshakeFault(String text, Exception cause) {
      super(Phase.EHLO, 0, text, cause);
    }
  }
}
