package dev.retour.support;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A server that says exactly what a test tells it to, byte by byte, and records exactly what it was
 * told. Texts are octets (ISO 8859-1).
 */
public final class ScriptedSmtp implements AutoCloseable {
  /** What happens on one connection. */
  @FunctionalInterface
  public interface Script {
    void run(Session session) throws IOException;
  }

  private final ServerSocket door;
  private final Script script;
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  public ScriptedSmtp(Script script) throws IOException {
    this.script = script;
    this.door = new ServerSocket(Ports.free(), 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /** Offers STARTTLS, and the rest only under it. */
  public static ScriptedSmtp secured(SSLContext tls, List<String> offered, Answers answers)
      throws IOException {
    return new ScriptedSmtp(
        session -> {
          session.say("220 ready\r\n");
          session.hear();
          session.say("250-relay\r\n250 STARTTLS\r\n");
          session.hear();
          session.say("220 go\r\n");
          session.protect(tls);
          session.converse(offered, answers);
        });
  }

  public int port() {
    return door.getLocalPort();
  }

  /** Every line that arrived as a command, on all connections, in order. */
  public List<String> commands() {
    return List.copyOf(commands);
  }

  /** What arrived between 354 and the line that was only a dot, dots not removed. */
  public List<String> bodies() {
    return List.copyOf(bodies);
  }

  public int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket each : open) {
      each.close();
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        client.setTcpNoDelay(true);
        connections.incrementAndGet();
        open.add(client);
        daemon(() -> serve(client));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      script.run(new Session(client));
    } catch (IOException | RuntimeException gone) {
      // The client hung up.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "scripted-smtp");
    thread.setDaemon(true);
    thread.start();
  }

  /** One connection, the server's side. */
  public final class Session {
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    Session(Socket socket) throws IOException {
      use(socket);
    }

    private void use(Socket next) throws IOException {
      socket = next;
      in = new BufferedInputStream(next.getInputStream());
      out = next.getOutputStream();
    }

    /** Says something, to the byte. */
    public void say(String octets) throws IOException {
      out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** The next command without its line end; null at the end. */
    public String hear() throws IOException {
      String line = line();
      if (line != null) {
        commands.add(line);
      }
      return line;
    }

    /** True when something has arrived that was not heard yet. */
    public boolean hasMore() throws IOException {
      return in.available() > 0;
    }

    /** Up to and including the line that is only a dot. */
    public void hearBody() throws IOException {
      StringBuilder body = new StringBuilder();
      while (!body.toString().endsWith("\r\n.\r\n") && !body.toString().equals(".\r\n")) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("cut in the body after: " + body);
        }
        body.append((char) next);
      }
      bodies.add(body.substring(0, body.length() - 3));
    }

    /** Hangs up so that the other side learns of it at once (RST). */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Reads and forgets so many bytes. */
    public int hearBytes(int most) throws IOException {
      return in.readNBytes(most).length;
    }

    public void protect(SSLContext tls) throws IOException {
      SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
      secured.setUseClientMode(false);
      secured.startHandshake();
      use(secured);
    }

    /**
     * Behaves: greets, offers these extensions, and answers each command as told until QUIT.
     *
     * @param extensions for instance {@code PIPELINING}
     */
    public void behave(List<String> extensions, Answers answers) throws IOException {
      say("220 relay.test ESMTP\r\n");
      converse(extensions, answers);
    }

    /** The same without the greeting. */
    public void converse(List<String> extensions, Answers answers) throws IOException {
      for (String command = hear(); command != null; command = hear()) {
        String special = answers.to(command);
        if (special != null) {
          say(special);
          if (special.startsWith("354")) {
            hearBody();
            String last = answers.to(".");
            say(last == null ? "250 2.0.0 Ok: queued\r\n" : last);
          }
        } else if (command.startsWith("EHLO")) {
          StringBuilder ehlo = new StringBuilder("250-relay.test\r\n");
          extensions.forEach(each -> ehlo.append("250-").append(each).append("\r\n"));
          say(ehlo.append("250 HELP\r\n").toString());
        } else if (command.equals("DATA")) {
          say("354 Go on\r\n");
          hearBody();
          String last = answers.to(".");
          say(last == null ? "250 2.0.0 Ok: queued\r\n" : last);
        } else if (command.equals("QUIT")) {
          say("221 Bye\r\n");
          return;
        } else {
          say("250 2.0.0 Ok\r\n");
        }
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          int last = line.length() - 1;
          return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
        }
        line.append((char) next);
      }
      return null;
    }
  }

  /** Answers that differ from the usual; null: the usual. */
  @FunctionalInterface
  public interface Answers {
    Answers USUAL = command -> null;

    String to(String command);

    /** This answer to commands that begin so. */
    static Answers when(String prefix, String answer) {
      return command -> command.startsWith(prefix) ? answer : null;
    }
  }
}
