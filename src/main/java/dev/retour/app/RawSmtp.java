package dev.retour.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a relay and this machine allow: the same ready mail again and again, commands at once (RFC
 * 2920), by a thread for each connection, with no queue, no database and no care for what becomes
 * of it. What an engine reaches is to be compared with that.
 */
final class RawSmtp {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ANSWERS_TO_COMMANDS = 3;
  private static final int CODE_DIGITS = 3;
  private static final String COMMANDS =
      "MAIL FROM:<raw@bench.invalid>\r\nRCPT TO:<customer@example.com>\r\nDATA\r\n";

  private final InetSocketAddress relay;
  private final byte[] mail;

  /**
   * @param bytes of each mail
   */
  RawSmtp(InetSocketAddress relay, int bytes) {
    this.relay = relay;
    this.mail = mail(bytes);
  }

  /**
   * Hands over so many mails, twice; the first time only warms up.
   *
   * @return mails a second
   * @throws StartupException when the relay does not take them
   */
  double perSecond(int mails, int connections) {
    round(mails, connections);
    long began = System.nanoTime();
    round(mails, connections);
    return mails * 1e9 / (System.nanoTime() - began);
  }

  private void round(int mails, int connections) {
    AtomicInteger left = new AtomicInteger(mails);
    ExecutorService threads = Executors.newFixedThreadPool(connections);
    try {
      List<Future<?>> lines = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        lines.add(threads.submit(() -> line(left)));
      }
      for (Future<?> each : lines) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("Interrupted.");
    } catch (ExecutionException e) {
      throw new StartupException(
          "The relay does not take mails with commands sent at once: " + e.getMessage());
    } finally {
      threads.shutdownNow();
    }
  }

  private @Nullable Void line(AtomicInteger left) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.connect(relay, (int) PATIENCE.toMillis());
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      answers(in, 1);
      out.write(ascii("EHLO bench.invalid\r\n"));
      answers(in, 1);
      byte[] commands = ascii(COMMANDS);
      while (left.getAndDecrement() > 0) {
        out.write(commands);
        answers(in, ANSWERS_TO_COMMANDS);
        out.write(mail);
        answers(in, 1);
      }
      out.write(ascii("QUIT\r\n"));
      return null;
    }
  }

  /** Reads so many answers, of as many lines as they have; none may be a refusal. */
  private static void answers(InputStream in, int count) throws IOException {
    int read = 0;
    int column = 0;
    boolean last = false;
    boolean refused = false;
    while (read < count) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("it hung up");
      }
      if (column == 0) {
        refused |= octet != '2' && octet != '3';
      } else if (column == CODE_DIGITS) {
        last = octet != '-';
      }
      column++;
      if (octet == '\n') {
        read += last ? 1 : 0;
        column = 0;
      }
    }
    if (refused) {
      throw new IOException("it refused one");
    }
  }

  private static byte[] mail(int bytes) {
    String line = "x".repeat(76) + "\r\n";
    StringBuilder text = new StringBuilder(bytes).append("Subject: Raw\r\n\r\n");
    while (text.length() + line.length() < bytes) {
      text.append(line);
    }
    return ascii(text.append(".\r\n").toString());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
