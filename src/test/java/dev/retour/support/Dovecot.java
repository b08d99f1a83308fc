package dev.retour.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A Dovecot of one's own on 127.0.0.1: Maildir, one user, everything below one folder, without
 * root's rights. Needs Debian's package dovecot-imapd; only for profiles, never for the tests.
 */
public final class Dovecot implements AutoCloseable {
  public static final String USER = "bounces";
  public static final String PASSWORD = "drain";

  /** Whom to run as when the profile runs as root. */
  private static final String SERVICE_USER = "mail";

  private static final String ME = System.getProperty("user.name");

  private final String owner = ME.equals("root") ? SERVICE_USER : ME;
  private final Path dir;
  private final int port = Ports.free();
  private final Process process;

  public Dovecot() throws IOException {
    dir = Files.createTempDirectory("retour-dovecot");
    Files.createDirectories(dir.resolve("mail"));
    Files.writeString(dir.resolve("users"), USER + ":{PLAIN}" + PASSWORD + "\n");
    Files.writeString(dir.resolve("dovecot.conf"), configuration());
    own();
    List<String> command = new ArrayList<>();
    if (!owner.equals(ME)) {
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
      command.addAll(List.of("setpriv", "--reuid", owner, "--regid", owner, "--clear-groups"));
    }
    command.addAll(List.of("dovecot", "-F", "-c", dir.resolve("dovecot.conf").toString()));
    process = new ProcessBuilder(command).inheritIO().start();
    awaitPort();
  }

  public int port() {
    return port;
  }

  /** Puts mails into the INBOX, as a delivery agent does. */
  public void deliver(List<byte[]> mails) throws IOException {
    Path fresh = dir.resolve("mail").resolve(USER).resolve("new");
    Files.createDirectories(fresh);
    Random random = new Random(0);
    for (int i = 0; i < mails.size(); i++) {
      // Like real ones: names that only count up all meet in a few of Dovecot's hash buckets.
      String name =
          "%d.M%dP%d.relay"
              .formatted(1_790_000_000 + i / 20, random.nextInt(1_000_000), random.nextInt(60_000));
      Files.write(fresh.resolve(name), mails.get(i));
    }
    own();
  }

  private void own() throws IOException {
    if (!owner.equals(ME)) {
      run("chown", "-R", owner + ":", dir.toString());
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private String configuration() {
    return """
    base_dir = %1$s/run
    state_dir = %1$s/state
    log_path = %1$s/log
    protocols = imap
    listen = 127.0.0.1
    ssl = no
    disable_plaintext_auth = no
    default_internal_user = %2$s
    default_internal_group = %2$s
    default_login_user = %2$s
    first_valid_uid = 1
    mail_location = maildir:%1$s/mail/%%u
    service anvil {
      chroot =
    }
    service imap-login {
      chroot =
      inet_listener imap {
        port = %3$d
      }
      inet_listener imaps {
        port = 0
      }
    }
    passdb {
      driver = passwd-file
      args = %1$s/users
    }
    userdb {
      driver = static
      args = uid=%2$s gid=%2$s home=%1$s/mail/%%u
    }
    """
        .formatted(dir, owner, port);
  }

  private void awaitPort() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("Dovecot does not start; see " + dir, notYet);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private static void run(String... command) throws IOException {
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
