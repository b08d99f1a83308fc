package dev.retour.delivery;

import dev.retour.config.Settings;
import dev.retour.domains.DomainTraffic;
import dev.retour.mail.MailSigner;
import dev.retour.mail.ReturnPath;
import dev.retour.mail.SigningKey;
import dev.retour.qualification.Qualifier;
import dev.retour.quarantine.AddressBook;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.apache.camel.component.mail.JavaMailSender;
import org.apache.camel.spi.Registry;
import org.jdbi.v3.core.Jdbi;

/**
 * Names the beans of this room: deliveryQueue, deliverySender, deliverySettlement, errorDigest,
 * relay.
 */
public final class DeliveryModule implements AutoCloseable {
  private static final String RETURN_PATH_LOCAL_PART = "bounce";
  private static final int SECRET_BYTES = 32;
  private static final int FIRST_KEY = 1;

  private final Queue queue;
  private final QueueDesk desk;
  private final CallbackQueue callbacks;
  private final Needs needs;
  private final String domain;
  private final Settlement settlement;
  private final Sender sender;
  private final MailRouter router;
  private final RelayMonitor monitor;
  private final ReturnPath returnPath;
  private final List<SigningKey> signingKeys;
  private final JavaMailSender mailSender;

  /**
   * What the room needs from below.
   *
   * @param byIndex the same database, for what finds every row by its key
   * @param leaseClock real time, also when {@code clock} is moved
   * @param traffic what the domains bear
   * @param facts what the ERP is told
   * @param signer signs what is sent once more
   * @param passwordNow reads {@code smtp.password} anew after a refusal; nothing when it cannot
   */
  public record Needs(
      Jdbi jdbi,
      Jdbi byIndex,
      InstantSource clock,
      Qualifier qualifier,
      AddressBook addresses,
      Redelivery redelivery,
      InstantSource leaseClock,
      DomainTraffic traffic,
      Facts facts,
      MailSigner signer,
      Supplier<Optional<String>> passwordNow) {}

  public DeliveryModule(DeliveryConfig config, RelayConfig relay, Needs needs) {
    this.monitor = new RelayMonitor(needs.clock());
    this.router =
        new MailRouter(
            new RelayPools(relay, config, monitor, needs.clock(), needs.passwordNow()),
            needs.clock(),
            needs.traffic(),
            config);
    this.signingKeys = signingKeys(needs);
    this.returnPath =
        new ReturnPath(
            RETURN_PATH_LOCAL_PART,
            config.returnPathDomain(),
            config.returnPathValidity(),
            signingKeys);
    this.mailSender = new PooledMailSender(router);
    this.queue =
        new Queue(
            needs.byIndex(),
            needs.clock(),
            config,
            new QueueTerms(
                needs.redelivery(),
                router::pauses,
                needs.leaseClock(),
                needs.facts(),
                needs.traffic()));
    this.needs = needs;
    this.domain = config.returnPathDomain();
    this.desk =
        new QueueDesk(
            needs.jdbi(), needs.clock(), needs.leaseClock(), needs.facts(), needs.signer());
    this.callbacks = new CallbackQueue(needs.byIndex(), needs.clock(), queue, needs.redelivery());
    this.settlement =
        new Settlement(
            needs.jdbi(),
            needs.byIndex(),
            needs.clock(),
            queue,
            needs.qualifier(),
            needs.addresses(),
            needs.redelivery());
    this.sender =
        new Sender(
            needs.byIndex(), needs.clock(), queue, needs.addresses(), returnPath, router, config);
  }

  /** Makes the beans known to the routes. */
  public void bind(Registry registry) {
    registry.bind("deliveryQueue", queue);
    bindDigest(registry, DigestConfig.from(Settings.of(Map.of())));
    registry.bind("deliverySender", sender);
    registry.bind("deliverySettlement", settlement);
    registry.bind("relayMonitor", monitor);
    registry.bind("pooledMailSender", mailSender);
  }

  public Queue queue() {
    return queue;
  }

  /** Who is told of failures, instead of those the defaults name. */
  public void bindDigest(Registry registry, DigestConfig digest) {
    registry.bind("errorDigest", digest(digest));
  }

  /** What ends the traces of settled packages. */
  public DeliveryCleanUp bindCleanUp(Registry registry, RetentionConfig retention) {
    DeliveryCleanUp cleanUp = new DeliveryCleanUp(needs.jdbi(), needs.clock(), retention);
    registry.bind("deliveryCleanUp", cleanUp);
    return cleanUp;
  }

  ErrorDigest digest(DigestConfig digest) {
    return new ErrorDigest(needs.jdbi(), needs.clock(), queue, digest, domain);
  }

  /** What people see of the queue and do with it. */
  public QueueDesk desk() {
    return desk;
  }

  /** What is to be told to the ERP. */
  public CallbackQueue callbacks() {
    return callbacks;
  }

  public RelayMonitor relay() {
    return monitor;
  }

  /** The mailboxes of domain rules. */
  public List<RelayMonitor> domainRelays() {
    return router.relays();
  }

  public ReturnPath returnPath() {
    return returnPath;
  }

  /** What signs the links by which recipients unsubscribe. */
  public List<SigningKey> signingKeys() {
    return signingKeys;
  }

  /** Whom mails with such links went to. */
  public Subscribers subscribers() {
    return new Subscribers(needs.jdbi());
  }

  Sender sender() {
    return sender;
  }

  Settlement settlement() {
    return settlement;
  }

  JavaMailSender mailSender() {
    return mailSender;
  }

  @Override
  public void close() {
    router.close();
  }

  private static List<SigningKey> signingKeys(Needs needs) {
    SigningKeyStore keys = new SigningKeyStore();
    return needs
        .jdbi()
        .inTransaction(
            handle -> {
              if (keys.all(handle).isEmpty()) {
                byte[] secret = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(secret);
                keys.insert(handle, FIRST_KEY, secret, needs.clock().instant());
              }
              return keys.all(handle);
            });
  }

  /** The door camel-mail's producer sends through: our pool instead of a connection per message. */
  private static final class PooledMailSender extends DefaultJavaMailSender {
    private final MailRouter router;

    PooledMailSender(MailRouter router) {
      this.router = router;
      super.setSession(PackageMessage.SESSION);
    }

    @Override
    public void send(MimeMessage message) throws MessagingException {
      if (!(message instanceof PackageMessage packageMessage)) {
        throw new MessagingException(
            "Only work packages are sent; a mail made in a route has no attempt to settle.");
      }
      if (!packageMessage.isAccepted()) {
        router.send(packageMessage);
      }
    }

    /** The relay and its protection are the pools'; endpoint options must not lead elsewhere. */
    @Override
    public void setSession(Session session) {
      // The pools' session stays.
    }

    @Override
    public void setJavaMailProperties(Properties properties) {
      // The pools have their own.
    }
  }
}
