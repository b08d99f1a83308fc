package dev.retour.delivery;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How work packages are sent.
 *
 * @param concurrency mails in the air at once, and the most connections to the relay
 * @param batch the most packages this sidecar holds a lease of
 * @param lease how long a package stays ours without a heartbeat; renewed every third of it
 * @param messagesPerConnection mails sent over one connection before it is closed
 * @param connectionIdle how long an unused connection stays open
 * @param volleyPatience how long those that are sent together wait for the slowest answer
 * @param returnPathDomain domain of the signed envelope sender {@code bounce+<token>@…}
 * @param returnPathValidity how long after an attempt its bounce is believed
 * @param redeliveryRules the file of the redelivery policies
 * @param redirectTo where every mail goes instead of its recipient; empty: to its recipient
 * @param smtpTest true: every session ends after RCPT, nothing is handed over
 * @param node the name of this sidecar in leases; unique among sidecars on one database
 */
public record DeliveryConfig(
    int concurrency,
    int batch,
    Duration lease,
    int messagesPerConnection,
    Duration connectionIdle,
    Duration volleyPatience,
    String returnPathDomain,
    Duration returnPathValidity,
    Path redeliveryRules,
    String redirectTo,
    boolean smtpTest,
    String node) {

  public static final Setting<Integer> CONCURRENCY =
      Setting.number(
          "delivery.concurrency",
          8,
          1,
          200,
          "mails",
          "Mails in the air at once; each needs a" + " connection to the relay.");
  public static final Setting<Integer> BATCH =
      Setting.number(
          "delivery.batch", 200, 1, 5_000, "packages", "The most packages claimed ahead.");
  public static final Setting<Duration> LEASE =
      Setting.duration(
          "delivery.lease",
          "60s",
          "How long a package stays with a sidecar that gives no sign of life.");
  public static final Setting<Integer> MESSAGES_PER_CONNECTION =
      Setting.number(
          "delivery.messages-per-connection",
          100,
          1,
          100_000,
          "mails",
          "Mails over one connection before a new one is opened.");
  public static final Setting<Duration> CONNECTION_IDLE =
      Setting.duration(
          "delivery.connection-idle", "20s", "How long an unused connection stays open.");
  public static final Setting<Duration> VOLLEY_PATIENCE =
      Setting.duration(
          "delivery.volley-patience",
          "100ms",
          "Mails are sent together, by one thread. How long they wait for the slowest answer; who is"
              + " slower is left to a thread of its own. A relay that always takes longer: more.");
  public static final Setting<String> RETURN_PATH_DOMAIN =
      Setting.text(
          "delivery.return-path-domain",
          "bounces.sandbox.invalid",
          "Domain of the envelope sender bounce+<token>@…; its mail must end in the bounce"
              + " mailbox.");
  public static final Setting<Duration> RETURN_PATH_VALIDITY =
      Setting.duration(
          "delivery.return-path-validity",
          "30d",
          "How long after an attempt a bounce to its signed envelope sender is believed.");
  public static final Setting<Path> REDELIVERY_RULES =
      Setting.path(
          "delivery.redelivery-rules",
          "rules/redelivery.rules.yaml",
          "File of the redelivery policies.");
  public static final Setting<String> REDIRECT_TO =
      Setting.text(
          "delivery.redirect-to",
          "",
          "For tests: every mail goes to this one address instead of its recipient, and its subject"
              + " says so. Empty: mails go to their recipients.");
  public static final Setting<Boolean> SMTP_TEST =
      Setting.flag(
          "delivery.smtp-test",
          false,
          "For tests: every SMTP session ends after RCPT TO. No mail is handed over; its work"
              + " package ends as cancelled, with the relay's answer.");
  public static final Setting<String> NODE =
      Setting.text(
          "delivery.node", "", "Name of this sidecar, unique on the database. Empty: host:port.");
  public static final List<Setting<?>> SETTINGS =
      List.of(
          CONCURRENCY,
          BATCH,
          LEASE,
          MESSAGES_PER_CONNECTION,
          CONNECTION_IDLE,
          VOLLEY_PATIENCE,
          RETURN_PATH_DOMAIN,
          RETURN_PATH_VALIDITY,
          REDELIVERY_RULES,
          REDIRECT_TO,
          SMTP_TEST,
          NODE);

  /** Checks the combination of values. */
  public DeliveryConfig {
    if (lease.compareTo(Duration.ofSeconds(3)) < 0) {
      throw new ConfigException(LEASE.key(), lease, "must be at least 3s");
    }
    if (!returnPathDomain.matches("[A-Za-z0-9.-]{1,200}")) {
      throw new ConfigException(
          RETURN_PATH_DOMAIN.key(), returnPathDomain, "must be a domain name");
    }
    if (!redirectTo.isEmpty() && !TestRedirect.isAddress(redirectTo)) {
      throw new ConfigException(REDIRECT_TO.key(), redirectTo, "must be a mail address");
    }
    if (batch < concurrency) {
      throw new ConfigException(BATCH.key(), batch, "must be at least delivery.concurrency");
    }
  }

  /** Where every mail goes instead of its recipient, in tests. */
  Optional<TestRedirect> redirect() {
    return redirectTo.isEmpty() ? Optional.empty() : Optional.of(new TestRedirect(redirectTo));
  }

  /** The same with a name for this sidecar, unless one is set. */
  public DeliveryConfig named(String fallback) {
    return node.isEmpty()
        ? new DeliveryConfig(
            concurrency,
            batch,
            lease,
            messagesPerConnection,
            connectionIdle,
            volleyPatience,
            returnPathDomain,
            returnPathValidity,
            redeliveryRules,
            redirectTo,
            smtpTest,
            fallback)
        : this;
  }

  public static DeliveryConfig from(Settings settings) {
    return new DeliveryConfig(
        settings.get(CONCURRENCY),
        settings.get(BATCH),
        settings.get(LEASE),
        settings.get(MESSAGES_PER_CONNECTION),
        settings.get(CONNECTION_IDLE),
        settings.get(VOLLEY_PATIENCE),
        settings.get(RETURN_PATH_DOMAIN),
        settings.get(RETURN_PATH_VALIDITY),
        settings.get(REDELIVERY_RULES),
        settings.get(REDIRECT_TO),
        settings.get(SMTP_TEST),
        settings.get(NODE));
  }
}
