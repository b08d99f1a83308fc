package dev.retour.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Accepts connections with TCP_NODELAY. Without it the small answers of the IMAP and POP3 server
 * wait about 44 ms each for a delayed acknowledgement.
 */
final class NoDelayServerSocket extends ServerSocket {
  private static final int BACKLOG = 200;

  NoDelayServerSocket() throws IOException {
    super();
    setReuseAddress(true);
  }

  /** Bound to the loopback address. */
  static NoDelayServerSocket bound(int port) throws IOException {
    NoDelayServerSocket socket = new NoDelayServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  @Override
  public Socket accept() throws IOException {
    Socket socket = super.accept();
    socket.setTcpNoDelay(true);
    return socket;
  }
}
