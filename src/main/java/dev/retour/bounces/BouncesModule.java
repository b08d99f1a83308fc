package dev.retour.bounces;

import dev.retour.delivery.Queue;
import dev.retour.mail.MailConfig;
import dev.retour.mail.ReportReader;
import dev.retour.mail.ReturnPath;
import dev.retour.qualification.Qualifier;
import dev.retour.quarantine.AddressBook;
import jakarta.mail.PasswordAuthentication;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.mail.MailAuthenticator;
import org.apache.camel.component.mail.MailConsumer;
import org.apache.camel.component.mail.MailMessage;
import org.apache.camel.component.mail.MailUidGenerator;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultMessage;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the beans of this room: bounceDesk; imapDrain and imapLook for the mailbox read by IMAP;
 * for the one read by POP3 denyAllHeaders and what stands at its door: pop3Door, pop3Login,
 * pop3Uids, pop3Deferrals, pop3Look.
 */
public final class BouncesModule {
  private static final Logger log = LoggerFactory.getLogger(BouncesModule.class);

  /** How long a mail that could not be fetched twice is left out; doubled each time. */
  private static final Duration DEFER_FIRST = Duration.ofMinutes(1);

  private final BouncesConfig config;
  private final Jdbi jdbi;
  private final InstantSource clock;
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
    this.jdbi = needs.jdbi();
    this.clock = needs.clock();
    this.desk =
        new BounceDesk(
            new BounceAssessor(new ReportReader(needs.limits()), needs.qualifier()),
            needs,
            config.trust());
    if (config.trust() == BouncesConfig.Trust.UNSIGNED) {
      log.warn(
          "{}=unsigned: anybody can bar any address by a forged bounce. Set it back to signed once"
              + " mails of the former system no longer come back.",
          BouncesConfig.TRUST.key());
    }
    this.imap =
        new MailboxMonitor(
            MailboxMonitor.Protocol.IMAP,
            config.imap().toString(),
            config.imap().enabled(),
            needs.clock());
    this.pop3 =
        new MailboxMonitor(
            MailboxMonitor.Protocol.POP3,
            config.pop3().toString(),
            config.pop3().enabled(),
            needs.clock());
  }

  /** Makes the beans known to the routes. */
  public void bind(Registry registry) {
    registry.bind("bounceDesk", desk);
    registry.bind("bounceCleanUp", new BounceCleanUp(jdbi, clock, config.retention()));
    registry.bind("denyAllHeaders", new DenyAllHeaders());
    registry.bind("imapDrain", imapDrain());
    registry.bind("imapLook", new Look(imap));
    MailFetcher fetcher =
        new MailFetcher(
            pop3.name(), config.fetch().mailBytesMax(), new Deferrals(clock, DEFER_FIRST));
    registry.bind("pop3Door", new ToRawMail(fetcher));
    registry.bind("pop3Login", new Login(config.pop3()));
    registry.bind("pop3Uids", (MailUidGenerator) (endpoint, mail) -> fetcher.uid(mail));
    registry.bind("pop3Deferrals", new LeftOut(fetcher));
    registry.bind("pop3Look", new Look(pop3));
  }

  private MailboxDrain imapDrain() {
    return new MailboxDrain(
        new ImapInbox(config.imap()),
        config.fetch(),
        new Deferrals(clock, DEFER_FIRST),
        desk::flush);
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

  /** Replaces the mail by its bytes, in a message of its own that knows no header of it. */
  private record ToRawMail(MailFetcher fetcher) implements Processor {
    @Override
    public void process(Exchange exchange) throws IOException {
      MailMessage mail = exchange.getIn(MailMessage.class);
      String uid = exchange.getProperty(MailConsumer.MAIL_MESSAGE_UID, "", String.class);
      DefaultMessage message = new DefaultMessage(exchange);
      // Before the fetch: an error handler would ask the mail of a lost connection for its headers.
      exchange.setIn(message);
      message.setBody(fetcher.fetch(mail.getOriginalMessage(), uid));
    }
  }

  /** The password stands in no endpoint's address, hence in no log and no health detail. */
  private static final class Login extends MailAuthenticator {
    private final BouncesConfig.Mailbox mailbox;

    Login(BouncesConfig.Mailbox mailbox) {
      this.mailbox = mailbox;
    }

    @Override
    public PasswordAuthentication getPasswordAuthentication() {
      return new PasswordAuthentication(mailbox.user(), mailbox.password());
    }
  }

  /** The consumer asks here which mails to leave out, and tells which are done. */
  private record LeftOut(MailFetcher fetcher) implements IdempotentRepository {
    @Override
    public boolean add(String uid) {
      return !fetcher.isDeferred(uid);
    }

    @Override
    public boolean contains(String uid) {
      return fetcher.isDeferred(uid);
    }

    @Override
    public boolean remove(String uid) {
      return true; // the door has blamed the mail already, if it was to blame
    }

    @Override
    public boolean confirm(String uid) {
      fetcher.done(uid);
      return true;
    }

    @Override
    public void clear() {
      // Nothing is kept here.
    }

    @Override
    public void start() {
      // Nothing to start.
    }

    @Override
    public void stop() {
      // Nothing to stop.
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
