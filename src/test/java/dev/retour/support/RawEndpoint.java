package dev.retour.support;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A hostile HTTP server: answers any request with its bytes, and goes on as their last word says.
 */
public final class RawEndpoint implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> sockets = new ArrayList<>();

  /**
   * One on a port of its own.
   *
   * @param answer what it says to everybody; after a last word SILENCE, DRIP or FLOOD it never ends
   */
  public RawEndpoint(String answer) throws IOException {
    server = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> accept(answer), "raw-endpoint");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.getLocalPort();
  }

  private void accept(String answer) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        synchronized (sockets) {
          sockets.add(socket);
        }
        Thread thread = new Thread(() -> serve(socket, answer), "raw-endpoint-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket socket, String answer) {
    String head = answer.replaceAll("(SILENCE|DRIP|FLOOD)$", "");
    try (socket) {
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      while (!answer.equals(head)) {
        if (!answer.endsWith("SILENCE")) {
          out.write(answer.endsWith("FLOOD") ? new byte[65_536] : new byte[] {'x'});
          out.flush();
        }
        if (!answer.endsWith("FLOOD")) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        if (socket.isClosed()) {
          return;
        }
      }
      socket.shutdownOutput();
      if (socket.getInputStream().readAllBytes().length < 0) {
        throw new IllegalStateException("never");
      }
    } catch (IOException e) {
      // The other side has enough.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
