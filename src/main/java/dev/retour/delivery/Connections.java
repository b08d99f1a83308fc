package dev.retour.delivery;

import dev.retour.domains.Admission;
import dev.retour.domains.DomainTraffic;
import dev.retour.domains.Hop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Properties;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** What the connections of a pool are counted against, and where they really lead. */
interface Connections {
  /** Those to a relay: as many as there are senders. */
  Connections UNCOUNTED =
      new Connections() {
        @Override
        public void opening() {
          // No limit but that of the senders.
        }

        @Override
        public void closed() {
          // Nothing was counted.
        }
      };

  /**
   * Before one is opened.
   *
   * @throws NotNowException when there are as many as may be
   */
  void opening() throws NotNowException;

  /** After one was closed, or could not be opened. */
  void closed();

  /** Settings of the mail session that lead connections elsewhere. */
  default void addTo(Properties properties) {
    // As the relay's name says.
  }

  /** Those to a mail exchanger: counted over all sidecars, and to the address the DNS named. */
  static Connections to(Hop hop, DomainTraffic traffic) {
    return new Connections() {
      @Override
      public void opening() throws NotNowException {
        if (traffic.connect(hop) instanceof Admission.Wait wait) {
          throw new NotNowException(wait);
        }
      }

      @Override
      public void closed() {
        traffic.disconnected(hop);
      }

      @Override
      public void addTo(Properties properties) {
        properties.put("mail.smtp.socketFactory", new AddressedSockets(hop.address()));
        properties.put("mail.smtp.socketFactory.fallback", "false");
      }
    };
  }

  /** Sockets that go to one address, whatever the name they are told resolves to meanwhile. */
  final class AddressedSockets extends SocketFactory {
    private final InetAddress address;

    AddressedSockets(InetAddress address) {
      this.address = address;
    }

    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public void connect(SocketAddress named, int timeout) throws java.io.IOException {
          int port = named instanceof InetSocketAddress inet ? inet.getPort() : 0;
          super.connect(new InetSocketAddress(address, port), timeout);
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException("Angus connects with a time-out.");
    }

    @Override
    public Socket createSocket(String host, int port, @Nullable InetAddress local, int localPort) {
      throw new UnsupportedOperationException("Angus connects with a time-out.");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException("Angus connects with a time-out.");
    }

    @Override
    public Socket createSocket(
        InetAddress host, int port, @Nullable InetAddress local, int localPort) {
      throw new UnsupportedOperationException("Angus connects with a time-out.");
    }
  }
}
