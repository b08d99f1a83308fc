package dev.retour.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.MessageHandlerFactory;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * A real SMTP server for tests that counts what it accepts. The recipient's local part decides:
 *
 * <pre>
 *   550@    refused at RCPT                451@   refused for now at RCPT
 *   554data@ refused after the body        nodot@ body taken, then the connection cut, no answer
 *   early@  the connection cut in DATA     (else) accepted
 * </pre>
 */
public final class SmtpSink implements AutoCloseable {
  /** A mail as the sink accepted it. */
  public record Taken(String from, String to, String data) {}

  private final Map<Integer, Socket> sockets = new ConcurrentHashMap<>();
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final SMTPServer server;

  public SmtpSink() {
    this(Ports.free());
  }

  public SmtpSink(int port) {
    this.server =
        SMTPServer.port(port)
            .bindAddress(InetAddress.getLoopbackAddress())
            .messageHandlerFactory((MessageHandlerFactory) Handler::new)
            .insertReceivedHeaders(false)
            .serverSocketFactory(this::socket)
            .build();
    server.start();
  }

  public int port() {
    return server.getPort();
  }

  /** Everything accepted, or taken whole without an answer, in order. */
  public List<Taken> taken() {
    return List.copyOf(taken);
  }

  public int connectionsSoFar() {
    return sockets.size();
  }

  @Override
  public void close() {
    server.stop();
  }

  private ServerSocket socket() throws IOException {
    ServerSocket tracking =
        new ServerSocket() {
          @Override
          public Socket accept() throws IOException {
            Socket socket = super.accept();
            sockets.put(socket.getPort(), socket);
            return socket;
          }
        };
    tracking.setReuseAddress(true);
    return tracking;
  }

  private final class Handler implements MessageHandler {
    private final MessageContext context;
    private String from = "";
    private String to = "";

    Handler(MessageContext context) {
      this.context = context;
    }

    @Override
    public void from(String sender) {
      from = sender;
    }

    @Override
    public void recipient(String recipient) throws RejectException {
      to = recipient;
      if (recipient.startsWith("550")) {
        throw new RejectException(550, "5.1.1 <" + recipient + ">: User unknown");
      }
      if (recipient.startsWith("451")) {
        throw new RejectException(451, "4.7.1 Greylisted, try again later");
      }
    }

    @Override
    public String data(InputStream in) throws IOException, RejectException {
      if (to.startsWith("early")) {
        in.read();
        cut();
      }
      String data = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      if (to.startsWith("554data")) {
        throw new RejectException(554, "5.7.1 Message refused as spam");
      }
      taken.add(new Taken(from, to, data));
      if (to.startsWith("nodot")) {
        cut();
      }
      return "Ok: queued as " + taken.size();
    }

    @Override
    public void done() {
      // Nothing to clean up.
    }

    private void cut() {
      try {
        int port = ((InetSocketAddress) context.getRemoteAddress()).getPort();
        sockets.get(port).close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
