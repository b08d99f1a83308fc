package dev.retour.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP line to a server on 127.0.0.1 whose answers take longer: every byte from the server arrives
 * so much later, however many are on their way (a long line, not a narrow one).
 */
public final class SlowLine implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;
  private static final int CHUNKS_MAX = 2_000;
  private static final byte[] FETCH = "FETCH".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket door;
  private final int server;
  private final long delayNanos;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong firstFetch = new AtomicLong();
  private final AtomicInteger commands = new AtomicInteger();

  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
  private record Late(long at, byte[] bytes) {}

  public SlowLine(int server, Duration delay) throws IOException {
    this.server = server;
    this.delayNanos = delay.toNanos();
    this.door = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** When the first FETCH went through, as {@link System#nanoTime}; 0: not yet. */
  public long firstFetch() {
    return firstFetch.get();
  }

  /** How many commands went through, for IMAP: lines that the client ended a packet with. */
  public int commands() {
    return commands.get();
  }

  /** Cuts every connection; new ones are taken. */
  public void cut() {
    open.forEach(SlowLine::close);
  }

  @Override
  public void close() throws IOException {
    door.close();
    cut();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket behind = new Socket();
        try {
          behind.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
        } catch (IOException away) {
          close(client);
          continue;
        }
        client.setTcpNoDelay(true);
        behind.setTcpNoDelay(true);
        open.add(client);
        open.add(behind);
        BlockingQueue<Late> late = new ArrayBlockingQueue<>(CHUNKS_MAX);
        daemon(() -> forward(client, behind));
        daemon(() -> receive(behind, client, late));
        daemon(() -> deliver(late, client));
      } catch (IOException e) {
        // The server is away, or the line is closed: the client sees a closed connection.
      }
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (n > 0 && buffer[n - 1] == '\n') {
          commands.incrementAndGet();
        }
        if (firstFetch.get() == 0 && contains(buffer, n)) {
          firstFetch.set(System.nanoTime());
        }
        out.write(buffer, 0, n);
      }
    } catch (IOException gone) {
      // Closed below.
    }
    close(from);
    close(to);
  }

  private void receive(Socket from, Socket client, BlockingQueue<Late> late) {
    byte[] buffer = new byte[CHUNK];
    try {
      InputStream in = from.getInputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        late.put(new Late(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, n)));
      }
      late.put(new Late(System.nanoTime() + delayNanos, new byte[0]));
    } catch (IOException gone) {
      close(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void deliver(BlockingQueue<Late> late, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      for (Late next = late.take(); next.bytes().length > 0; next = late.take()) {
        for (long left = next.at() - System.nanoTime();
            left > 0;
            left = next.at() - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        out.write(next.bytes());
      }
    } catch (IOException gone) {
      // Closed below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(to);
  }

  private static boolean contains(byte[] buffer, int size) {
    for (int i = 0; i + FETCH.length <= size; i++) {
      if (Arrays.equals(buffer, i, i + FETCH.length, FETCH, 0, FETCH.length)) {
        return true;
      }
    }
    return false;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "slow-line");
    thread.setDaemon(true);
    thread.start();
  }
}
