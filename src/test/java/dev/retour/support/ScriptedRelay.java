package dev.retour.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An SMTP server that answers what a test says, so that it can misbehave at any point. */
public final class ScriptedRelay implements AutoCloseable {
  /** Returned by a script: the connection is cut without an answer. */
  public static final String CUT = "CUT";

  /** Returned by a script: no answer, the connection stays open. */
  public static final String SILENCE = "SILENCE";

  /** What the server says. */
  public interface Script {
    /**
     * The answer to a command.
     *
     * @param connection 1 for the first
     * @param command the line received; empty for the greeting, {@code .} for the end of a body
     */
    String answer(int connection, String command);
  }

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private volatile Script script;

  public ScriptedRelay(Script script) {
    this(Ports.free(), script);
  }

  public ScriptedRelay(int port, Script script) {
    this.script = script;
    try {
      server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread(this::accept, "scripted-relay");
  }

  /** Answers everything well: what a script says where it has nothing else to say. */
  public static String well(String command) {
    if (command.isEmpty()) {
      return "220 relay.test";
    }
    if (command.startsWith("EHLO")) {
      return "250-relay.test\r\n250 AUTH PLAIN LOGIN";
    }
    if (command.startsWith("AUTH")) {
      return "235 2.7.0 Accepted";
    }
    return command.equals("DATA")
        ? "354 Go on"
        : command.equals("QUIT") ? "221 Bye" : "250 2.0.0 Ok";
  }

  public void says(Script other) {
    script = other;
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  /** Bodies that came whole, with their final dot. */
  public List<String> bodies() {
    return List.copyOf(bodies);
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        int number = connections.incrementAndGet();
        thread(() -> talk(socket, number), "scripted-relay-" + number);
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void talk(Socket socket, int number) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
      OutputStream out = socket.getOutputStream();
      boolean goOn = say(out, script.answer(number, ""));
      String line = goOn ? in.readLine() : null;
      while (line != null) {
        String answer = script.answer(number, line);
        goOn = say(out, answer);
        if (goOn && line.equals("DATA") && answer.startsWith("354")) {
          goOn = body(in) && say(out, script.answer(number, "."));
        }
        line = goOn ? in.readLine() : null;
      }
    } catch (IOException e) {
      // The client hung up; that is its right.
    } finally {
      open.remove(socket);
    }
  }

  private boolean body(BufferedReader in) throws IOException {
    StringBuilder body = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals(".")) {
        bodies.add(body.toString());
        return true;
      }
      body.append(line).append("\r\n");
    }
    return false;
  }

  private static boolean say(OutputStream out, String answer) throws IOException {
    if (answer.equals(CUT)) {
      return false;
    }
    if (!answer.equals(SILENCE)) {
      out.write((answer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
    return true;
  }

  private static void thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
