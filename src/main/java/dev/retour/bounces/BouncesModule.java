package dev.retour.bounces;

import dev.retour.delivery.Queue;
import dev.retour.mail.MailConfig;
import dev.retour.mail.ReportReader;
import dev.retour.mail.ReturnPath;
import dev.retour.qualification.Qualifier;
import dev.retour.quarantine.AddressBook;
import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.mail.MailMessage;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.spi.Registry;
import org.jdbi.v3.core.Jdbi;

/**
 * Names the beans of this room: bounceDesk, and what stands at the mail doors: rawMail,
 * denyAllHeaders, imapLook, pop3Look.
 */
public final class BouncesModule {
  private final BouncesConfig config;
  private final BounceDesk desk;
  private final MailboxMonitor imap;
  private final MailboxMonitor pop3;

  /** What the room needs from below. */
  public record Needs(
      Jdbi jdbi,
      InstantSource clock,
      MailConfig limits,
      Qualifier qualifier,
      AddressBook addresses,
      Queue queue,
      ReturnPath returnPath) {}

  public BouncesModule(BouncesConfig config, Needs needs) {
    this.config = config;
    this.desk =
        new BounceDesk(
            new BounceAssessor(new ReportReader(needs.limits()), needs.qualifier()), needs);
    this.imap =
        new MailboxMonitor(
            "Bounce mailbox, IMAP " + config.imap(), config.imap().enabled(), needs.clock());
    this.pop3 =
        new MailboxMonitor(
            "Feedback mailbox, POP3 " + config.pop3(), config.pop3().enabled(), needs.clock());
  }

  /** Makes the beans known to the routes. */
  public void bind(Registry registry) {
    registry.bind("bounceDesk", desk);
    registry.bind("rawMail", new ToRawMail(config.rawBytesMax()));
    registry.bind("denyAllHeaders", new DenyAllHeaders());
    registry.bind("imapLook", new Look(imap));
    registry.bind("pop3Look", new Look(pop3));
  }

  /** The mailboxes, for health and console. */
  public List<MailboxMonitor> mailboxes() {
    return List.of(imap, pop3);
  }

  /**
   * Nothing a stranger wrote into a mail becomes an exchange header (CVE-2026-33454 and its kin).
   */
  static final class DenyAllHeaders implements HeaderFilterStrategy {
    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
      return true;
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
      return true;
    }
  }

  /** Takes the bytes of the mail, bounded, and forgets everything else about it. */
  static final class ToRawMail implements Processor {
    private final int bytesMax;

    ToRawMail(int bytesMax) {
      this.bytesMax = bytesMax;
    }

    @Override
    public void process(Exchange exchange) throws MessagingException, IOException {
      BoundedBytes bytes = new BoundedBytes(bytesMax);
      exchange.getIn(MailMessage.class).getOriginalMessage().writeTo(bytes);
      exchange.getMessage().removeHeaders("*");
      exchange.getMessage().setBody(new RawMail(bytes.kept.toByteArray(), bytes.total));
    }
  }

  /** Keeps the first bytes and counts all. */
  private static final class BoundedBytes extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(8_192);
    private final int bytesMax;
    private long total;

    BoundedBytes(int bytesMax) {
      this.bytesMax = bytesMax;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      kept.write(bytes, offset, Math.max(0, Math.min(length, bytesMax - kept.size())));
      total += length;
    }
  }

  /** Tells the monitor how each look at the mailbox went. */
  private static final class Look implements PollingConsumerPollStrategy {
    private final MailboxMonitor monitor;

    Look(MailboxMonitor monitor) {
      this.monitor = monitor;
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
      return true;
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
      monitor.looked(polledMessages);
    }

    @Override
    public boolean rollback(
        Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause) {
      Throwable innermost = cause;
      for (int depth = 0; innermost.getCause() != null && depth < 10; depth++) {
        innermost = innermost.getCause();
      }
      monitor.failed(innermost.getClass().getSimpleName() + ": " + innermost.getMessage());
      return false;
    }
  }
}
