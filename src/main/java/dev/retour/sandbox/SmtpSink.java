package dev.retour.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.server.SMTPServer;

/** The SMTP server of the sandbox: captures what it accepts and orders the reports about it. */
final class SmtpSink implements AutoCloseable {
  private static final int RECIPIENTS_MAX = 100;
  private static final int IDLE_MINUTES_MAX = 5; // RFC 5321 section 4.5.3.2.7
  private static final int GREYLIST_MAX = 10_000;

  private final SandboxConfig config;
  private final CapturedMails captured;
  private final PendingReports reports;
  private final SMTPServer server;
  private final CountDownLatch closing = new CountDownLatch(1);

  @SuppressWarnings("serial") // never serialised
  private final Map<String, Boolean> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > GREYLIST_MAX;
        }
      };

  SmtpSink(SandboxConfig config, CapturedMails captured, PendingReports reports) {
    this.config = config;
    this.captured = captured;
    this.reports = reports;
    ExecutorService sessions =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "sandbox-smtp");
              thread.setDaemon(true);
              return thread;
            });
    this.server =
        SMTPServer.port(config.smtpPort())
            .bindAddress(InetAddress.getLoopbackAddress())
            .hostName(Reports.HOST)
            .softwareName("Retour sandbox")
            .serverSocketFactory(NoDelayServerSocket::new)
            .executorService(sessions)
            .maxMessageSize(config.sizeMaxBytes())
            .maxRecipients(RECIPIENTS_MAX)
            .connectionTimeout(IDLE_MINUTES_MAX, TimeUnit.MINUTES)
            // The captured bytes are those that were sent, without a trace line of the sink.
            .insertReceivedHeaders(false)
            .messageHandlerFactory(context -> new SinkHandler(this, context))
            .build();
  }

  void start() {
    server.start();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop();
  }

  int sizeMaxBytes() {
    return config.sizeMaxBytes();
  }

  boolean isFirstAttempt(String recipient) {
    synchronized (seen) {
      return seen.putIfAbsent(recipient, Boolean.TRUE) == null;
    }
  }

  /** Waits as {@code slow@} asks, but no longer than the sink is open. */
  void keepWaiting() throws IOException {
    Duration wait = config.slowAnswerAfter();
    try {
      if (closing.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("The sandbox is closing.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The sandbox is closing.", e);
    }
  }

  /** Captures an accepted mail; when this returns, it and the reports about it are on disk. */
  CapturedMail take(String from, List<String> recipients, byte[] raw) throws IOException {
    CapturedMail mail = captured.add(from, recipients, raw);
    String header = Reports.header(raw);
    for (String recipient : recipients) {
      order(mail, recipient, header);
    }
    return mail;
  }

  private void order(CapturedMail mail, String recipient, String header) throws IOException {
    Reports.About about =
        new Reports.About(mail.id(), mail.envelopeFrom(), recipient, header, mail.receivedAt());
    switch (Behaviour.of(recipient)) {
      case BOUNCE_LATER -> {
        String reply = "550 5.1.1 <" + recipient + ">: Recipient address rejected: User unknown";
        reply(about, Reports.undeliverable(about, "5.1.1", reply));
      }
      case FULL_LATER -> {
        String reply = "552 5.2.2 <" + recipient + ">: Mailbox is full / quota exceeded";
        reply(about, Reports.undeliverable(about, "5.2.2", reply));
      }
      case AWAY -> reply(about, Reports.absence(about));
      case COMPLAINT ->
          reports.add(
              SandboxWorld.Account.FEEDBACK, Reports.complaint(about, config.feedback().user()));
      default -> {}
    }
  }

  // Whatever is not an address of the bounce mailbox belongs to nobody here; the null sender must
  // never be answered (RFC 5321 section 4.5.5).
  private void reply(Reports.About about, byte[] report) throws IOException {
    if (about.from().toLowerCase(Locale.ROOT).startsWith("bounce")) {
      reports.add(SandboxWorld.Account.BOUNCES, report);
    }
  }
}
