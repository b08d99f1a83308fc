package dev.retour.app;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./retour sandbox …}: acts on a running sandbox from outside. Needs no database. */
@Command(
    name = "sandbox",
    description = "Feeds the running sandbox mail world and moves its clock.",
    subcommands = {SandboxCommand.Deliver.class, SandboxClockCommand.class})
public final class SandboxCommand {

  /** {@code ./retour sandbox deliver DIR}: appends every {@code .eml} to the bounce mailbox. */
  @Command(
      name = "deliver",
      mixinStandardHelpOptions = true,
      description =
          "Puts every .eml below DIR, in the order of their names and unchanged, into the bounce"
              + " mailbox by IMAP; exit code 1 when one could not be delivered.")
  static final class Deliver implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder with .eml files.")
    private Path folder = Path.of(".");

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "${DEFAULT-VALUE}")
    private String host = "127.0.0.1";

    @Option(names = "--port", defaultValue = "2143", description = "IMAP, ${DEFAULT-VALUE}")
    private int port = 2143;

    @Option(names = "--user", defaultValue = "bounces", description = "${DEFAULT-VALUE}")
    private String user = "bounces";

    @Option(
        names = "--password",
        defaultValue = "sandbox",
        description = "Password of the mailbox; the sandbox's own unless given.")
    private String password = "sandbox";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      List<Path> mails;
      try (Stream<Path> below = Files.walk(folder)) {
        mails = below.filter(Deliver::isMail).sorted().toList();
      } catch (IOException e) {
        err.println("The folder " + folder + " cannot be read: " + e.getMessage());
        return 1;
      }
      try (Store store = connect()) {
        int faults = deliver(mails, store, err);
        out.println((mails.size() - faults) + " delivered, " + faults + " faults");
        out.flush();
        return faults == 0 ? 0 : 1;
      } catch (MessagingException e) {
        err.println(
            "The mailbox of "
                + user
                + " at "
                + host
                + ":"
                + port
                + " cannot be reached: is ./retour up running? ("
                + e.getMessage()
                + ")");
        return 1;
      }
    }

    private int deliver(List<Path> mails, Store store, PrintWriter err) throws MessagingException {
      int faults = 0;
      ProgressBar progress = new ProgressBar(System.err, "Delivering", mails.size());
      for (int i = 0; i < mails.size(); i++) {
        Path mail = mails.get(i);
        try {
          Message raw = new RawMessage(Files.readAllBytes(mail));
          store.getFolder("INBOX").appendMessages(new Message[] {raw});
        } catch (MessagingException | IOException e) {
          faults++;
          err.println(mail + ": " + e.getMessage());
          // A server that could not take one mail may have hung up; the others get their turn.
          store.close();
          store.connect(host, port, user, password);
        }
        progress.at(i + 1);
      }
      return faults;
    }

    private Store connect() throws MessagingException {
      Properties properties = new Properties();
      properties.setProperty("mail.imap.connectiontimeout", "10000");
      properties.setProperty("mail.imap.timeout", "60000");
      properties.put("mail.imap.socketFactory", new NoDelaySockets());
      Store store = Session.getInstance(properties).getStore("imap");
      store.connect(host, port, user, password);
      return store;
    }

    private static boolean isMail(Path file) {
      return file.toString().endsWith(".eml") && Files.isRegularFile(file);
    }
  }

  /** Without it each APPEND waits 40 ms for the acknowledgement of its literal. */
  private static final class NoDelaySockets extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
      Socket socket = new Socket();
      socket.setTcpNoDelay(true);
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return createSocket(InetAddress.getByName(host), port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return createSocket(InetAddress.getByName(host), port, from, fromPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      Socket socket = createSocket();
      socket.connect(new InetSocketAddress(host, port));
      return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      Socket socket = createSocket();
      socket.bind(new InetSocketAddress(from, fromPort));
      socket.connect(new InetSocketAddress(host, port));
      return socket;
    }
  }

  /** A mail whose bytes go out as they are, however broken they are. */
  private static final class RawMessage extends MimeMessage {
    private final byte[] raw;

    RawMessage(byte[] raw) throws MessagingException {
      super(null, new ByteArrayInputStream(raw));
      this.raw = raw;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(raw);
    }

    @Override
    public void writeTo(OutputStream out, String[] withoutHeaders) throws IOException {
      out.write(raw);
    }
  }
}
