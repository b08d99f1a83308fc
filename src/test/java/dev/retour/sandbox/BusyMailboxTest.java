package dev.retour.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.retour.config.Settings;
import dev.retour.support.Ports;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mails arrive while clients look at the mailbox and file what is there. */
@Timeout(120)
class BusyMailboxTest {
  private static final int MAILS = 300;

  @TempDir Path dir;
  private SandboxConfig config;
  private SandboxWorld world;

  @BeforeEach
  void open() {
    config =
        SandboxConfig.from(
            Settings.of(
                Map.of(
                    "sandbox.dir", dir.toString(),
                    "sandbox.smtp-port", Integer.toString(Ports.free()),
                    "sandbox.imap-port", Integer.toString(Ports.free()),
                    "sandbox.pop3-port", Integer.toString(Ports.free()))));
    world = new SandboxWorld(config, InstantSource.system()).start();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void every_mail_is_filed_once_and_no_connection_is_lost() throws Exception {
    AtomicBoolean filed = new AtomicBoolean();
    ExecutorService clients = Executors.newFixedThreadPool(3);
    try {
      Future<?> sender = clients.submit(() -> deliver());
      Future<?> onlooker = clients.submit(() -> look(filed));
      Future<?> filer = clients.submit(() -> file(filed));

      sender.get(100, TimeUnit.SECONDS);
      filer.get(100, TimeUnit.SECONDS);
      onlooker.get(100, TimeUnit.SECONDS);
    } finally {
      filed.set(true);
      clients.shutdownNow();
    }

    assertThat(subjects("INBOX")).isEmpty();
    assertThat(subjects("Processed")).hasSize(MAILS);
    assertThat(new TreeSet<>(subjects("Processed"))).hasSize(MAILS);
    try (Stream<Path> files = Files.walk(dir)) {
      assertThat(files.filter(file -> file.toString().endsWith(".eml"))).hasSize(MAILS);
    }
  }

  private Void deliver() throws IOException {
    for (int i = 0; i < MAILS; i++) {
      String mail = "From: mta@relay.example\r\nSubject: mail " + i + "\r\n\r\nUndelivered.\r\n";
      world.deliver(SandboxWorld.Account.BOUNCES, mail.getBytes(StandardCharsets.US_ASCII));
    }
    return null;
  }

  /** One connection for all of it: a dropped one fails the test. */
  private Void file(AtomicBoolean filed) throws Exception {
    try (Store store = connect()) {
      Folder inbox = store.getFolder("INBOX");
      Folder processed = store.getFolder("Processed");
      processed.create(Folder.HOLDS_MESSAGES);
      int count = 0;
      while (count < MAILS) {
        inbox.open(Folder.READ_WRITE);
        Message[] there = inbox.getMessages();
        inbox.copyMessages(there, processed);
        inbox.setFlags(there, new Flags(Flags.Flag.DELETED), true);
        inbox.close(true);
        count += there.length;
      }
    }
    filed.set(true);
    return null;
  }

  private Void look(AtomicBoolean filed) throws Exception {
    try (Store store = connect()) {
      IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
      inbox.open(Folder.READ_ONLY);
      while (!filed.get()) {
        inbox.doCommand(
            protocol -> {
              protocol.simpleCommand("NOOP", null);
              return null;
            });
      }
      inbox.close(false);
    }
    return null;
  }

  private List<String> subjects(String folder) throws Exception {
    List<String> subjects = new ArrayList<>();
    try (Store store = connect()) {
      Folder opened = store.getFolder(folder);
      opened.open(Folder.READ_ONLY);
      for (Message message : opened.getMessages()) {
        subjects.add(message.getSubject());
      }
    }
    return subjects;
  }

  private Store connect() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("mail.imap.timeout", "30000");
    Store store = Session.getInstance(properties).getStore("imap");
    store.connect(
        "127.0.0.1", config.imapPort(), config.bounces().user(), config.bounces().password());
    return store;
  }
}
