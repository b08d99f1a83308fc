package dev.retour.delivery;

import dev.retour.support.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast ready mails leave, without queue and database: 20,000 of 5 KB to Postfix's smtp-sink.
 * Not a test; run {@code main} with the test class path, as arguments the connections.
 */
public final class TransportProfile {
  private static final int MAILS = 20_000;
  private static final int ROUNDS = 3;
  private static final Envelope.Purpose DELIVERY = Envelope.Purpose.DELIVERY;
  private static final String MAIL =
      "Subject: Profile\r\n\r\n" + ("x".repeat(76) + "\r\n").repeat(64);

  private TransportProfile() {}

  public static void main(String[] connections) throws Exception {
    int port = Ports.free();
    Process sink =
        new ProcessBuilder("/usr/sbin/smtp-sink", "-u", "nobody", "127.0.0.1:" + port, "256")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      awaitOpen(port);
      for (String number : connections.length == 0 ? new String[] {"1", "8"} : connections) {
        for (int round = 0; round < ROUNDS; round++) {
          System.out.printf(
              Locale.ROOT,
              "%s connections: %,.0f mails/s pipelined, %,.0f one command at a time,"
                  + " %,.0f by Angus Mail%n",
              number,
              measure(port, Integer.parseInt(number), true),
              measure(port, Integer.parseInt(number), false),
              angus(port, Integer.parseInt(number)));
        }
      }
    } finally {
      sink.destroy();
    }
  }

  /** Hands one mail over, again and again on the same connection. */
  private interface Line {
    void send() throws jakarta.mail.MessagingException;
  }

  /** Opens one connection for one thread. */
  private interface Lines {
    Line open() throws jakarta.mail.MessagingException;
  }

  private static double measure(int port, int threads, boolean pipelining) throws Exception {
    try (SmtpClient client =
        new SmtpClient(
            port,
            Map.of(
                "smtp.tls", "disabled",
                "smtp.pipelining", Boolean.toString(pipelining),
                "delivery.messages-per-connection", "1000"))) {
      return rate(
          threads, () -> () -> client.send(client.mail("b@x.example", "anna@example.com", MAIL)));
    }
  }

  /** What was used before: the same bytes over connections of Angus Mail that stay open. */
  private static double angus(int port, int threads) throws Exception {
    jakarta.mail.Session session = jakarta.mail.Session.getInstance(new java.util.Properties());
    return rate(
        threads,
        () -> {
          jakarta.mail.Transport transport = session.getTransport("smtp");
          transport.connect("127.0.0.1", port, null, null);
          return () -> {
            PackageMessage mail =
                new PackageMessage(
                    new MailContentStore.Content("<1@x>", MAIL.getBytes(StandardCharsets.US_ASCII)),
                    new Envelope("", "anna@example.com", "", List.of(), DELIVERY),
                    () -> {});
            transport.sendMessage(mail, mail.getAllRecipients());
          };
        });
  }

  private static double rate(int threads, Lines lines) throws Exception {
    AtomicInteger left = new AtomicInteger(MAILS);
    AtomicInteger sent = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(threads);
    long started = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  Line line = lines.open();
                  while (left.getAndDecrement() > 0) {
                    line.send();
                    sent.incrementAndGet();
                  }
                } catch (jakarta.mail.MessagingException e) {
                  System.out.println(e);
                } finally {
                  done.countDown();
                }
              });
      thread.start();
    }
    done.await();
    return sent.get() * 1e9 / (System.nanoTime() - started);
  }

  private static void awaitOpen(int port) {
    for (int i = 0; i < 200; i++) {
      try (Socket probe = new Socket()) {
        probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException closed) {
        LockSupport.parkNanos(20_000_000);
      }
    }
    throw new IllegalStateException("smtp-sink does not listen");
  }
}
