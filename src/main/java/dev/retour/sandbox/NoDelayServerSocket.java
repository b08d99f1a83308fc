package dev.retour.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Supplier;

/**
 * Accepts connections with TCP_NODELAY. Without it the small answers of the IMAP and POP3 server
 * wait about 44 ms each for a delayed acknowledgement.
 */
final class NoDelayServerSocket extends ServerSocket {
  private static final int BACKLOG = 200;

  private final Supplier<Socket> accepted;

  NoDelayServerSocket() throws IOException {
    this(Socket::new);
  }

  private NoDelayServerSocket(Supplier<Socket> accepted) throws IOException {
    super();
    this.accepted = accepted;
    setReuseAddress(true);
  }

  /**
   * Bound to the loopback address.
   *
   * @param accepted makes the socket, not yet connected, of each client
   */
  static NoDelayServerSocket bound(int port, Supplier<Socket> accepted) throws IOException {
    NoDelayServerSocket socket = new NoDelayServerSocket(accepted);
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
    Socket socket = accepted.get();
    implAccept(socket);
    socket.setTcpNoDelay(true);
    return socket;
  }
}
