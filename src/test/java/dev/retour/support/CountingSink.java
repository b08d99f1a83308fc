package dev.retour.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP server that counts what it takes by Message-ID, and tells a test where each session
 * stands. A mail counts as taken with its final dot, as with any server, whoever reads the answer.
 */
public final class CountingSink implements AutoCloseable {
  /** Where a session stands. */
  public enum Step {
    CONNECTED,
    MAIL,
    RCPT,
    /** The word to begin was written, nothing of the mail read. */
    BEGUN,
    /** Part of the first line of the mail has been read. */
    MID_DATA,
    /** The final dot was read, the answer not yet written. */
    DOT,
    /** The answer to the final dot was written. */
    ANSWERED
  }

  /** Told of each step, in the session's own thread, before the answer to it. */
  public interface Watcher {
    void at(Step step, int mail);
  }

  private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*(<[^>]+>)");
  private static final int MIDDLE = 5;

  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> taken = new ConcurrentHashMap<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger mails = new AtomicInteger();
  private final boolean pipelining;
  private volatile ServerSocket server;
  private volatile Watcher watcher = (step, mail) -> {};

  public CountingSink(boolean pipelining) {
    this(Ports.free(), pipelining);
  }

  public CountingSink(int port, boolean pipelining) {
    this.port = port;
    this.pipelining = pipelining;
    this.server = listen();
  }

  /** Listens again after {@link #close}, on the same port, and remembers what it took. */
  public void comeBack() {
    server = listen();
  }

  public void watch(Watcher other) {
    watcher = other;
  }

  public int port() {
    return port;
  }

  /** How often a mail was taken. */
  public int taken(String messageId) {
    AtomicInteger count = taken.get(messageId);
    return count == null ? 0 : count.get();
  }

  /** True when the client was told that the mail was taken. */
  public boolean answered(String messageId) {
    return answered.contains(messageId);
  }

  /** All mails taken, doubles included. */
  public int takenInAll() {
    return taken.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** Waits until nobody talks any more: what a dead client had sent has then been read. */
  public void settle() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!open.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Sessions of a dead client do not end.");
      }
      Thread.onSpinWait();
    }
  }

  /** Hangs up on everybody, as a server does that goes away. */
  public void hangUp() {
    for (Socket socket : open) {
      quietly(socket);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hangUp();
  }

  private ServerSocket listen() {
    try {
      ServerSocket fresh = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
      thread(() -> accept(fresh), "sink");
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        thread(() -> talk(socket), "sink-session");
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      watcher.at(Step.CONNECTED, mails.get());
      say(out, "220 sink.test ESMTP");
      for (String line = line(in, 0); line != null; line = line(in, 0)) {
        String verb =
            line.length() < 4 ? line : line.substring(0, 4).toUpperCase(java.util.Locale.ROOT);
        switch (verb) {
          case "EHLO", "HELO" ->
              say(
                  out,
                  "250-sink.test" + (pipelining ? "\r\n250-PIPELINING" : "") + "\r\n250 8BITMIME");
          case "MAIL" -> {
            watcher.at(Step.MAIL, mails.incrementAndGet());
            say(out, "250 2.1.0 Ok");
          }
          case "RCPT" -> {
            watcher.at(Step.RCPT, mails.get());
            say(out, "250 2.1.5 Ok");
          }
          case "DATA" -> {
            say(out, "354 Go on");
            watcher.at(Step.BEGUN, mails.get());
            String taken = body(in);
            if (taken == null) {
              return;
            }
            watcher.at(Step.DOT, mails.get());
            say(out, "250 2.0.0 Ok: taken");
            answered.add(taken);
            watcher.at(Step.ANSWERED, mails.get());
          }
          case "QUIT" -> {
            say(out, "221 2.0.0 Bye");
            return;
          }
          default -> say(out, "250 2.0.0 Ok");
        }
      }
    } catch (IOException e) {
      // The client is gone: that is what these tests are about.
    } finally {
      open.remove(socket);
    }
  }

  /** Reads to the final dot and counts the mail; null when the client went away before it. */
  private @Nullable String body(InputStream in) throws IOException {
    StringBuilder body = new StringBuilder();
    for (String line = line(in, MIDDLE); line != null; line = line(in, 0)) {
      if (line.equals(".")) {
        Matcher id = MESSAGE_ID.matcher(body);
        String key = id.find() ? id.group(1) : "";
        taken.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet();
        return key;
      }
      body.append(line).append('\n');
    }
    return null;
  }

  private String line(InputStream in, int tellAt) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
      if (line.size() == tellAt) {
        watcher.at(Step.MID_DATA, mails.get());
      }
    }
    return null;
  }

  private static void say(OutputStream out, String answer) throws IOException {
    out.write((answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
