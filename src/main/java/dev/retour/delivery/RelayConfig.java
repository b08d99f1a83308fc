package dev.retour.delivery;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.mail.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The relay (smarthost) mails are handed to.
 *
 * @param host empty: the sandbox mail world
 * @param tls how the connection is protected
 * @param authorities certificates believed besides those of this Java, PEM; also for other relays
 * @param login how to authenticate
 * @param ehloName the name we greet with; empty: this host's
 */
public record RelayConfig(
    String host,
    int port,
    Tls tls,
    Optional<Path> authorities,
    RelayLoginConfig login,
    String ehloName,
    SmtpTimeouts timeouts,
    boolean pipelining,
    Relay.Dsn dsn) {

  /** The value of {@link #HOST} that means: no relay, straight to the recipients' servers. */
  public static final String DIRECT = "direct";

  /** Protection of the connection to the relay. */
  public enum Tls {
    /** Never. */
    DISABLED,
    /** STARTTLS when offered, without verifying the certificate. */
    OPPORTUNISTIC,
    /** STARTTLS or nothing, the certificate verified. */
    REQUIRED,
    /** TLS from the first byte (port 465), the certificate verified. */
    IMPLICIT
  }

  public static final Setting<String> HOST =
      Setting.text(
          "smtp.host",
          "",
          "Relay the mails are handed to; direct: none, each mail goes to the servers of its"
              + " recipient's domain. Empty: the sandbox mail world.");
  public static final Setting<Integer> PORT = Setting.port("smtp.port", 25, "Port of the relay.");
  public static final Setting<String> USER = RelayLoginConfig.USER;
  public static final Setting<String> PASSWORD = RelayLoginConfig.PASSWORD;
  public static final Setting<Tls> TLS =
      Setting.choice(
          "smtp.tls",
          Tls.OPPORTUNISTIC,
          "disabled, opportunistic (STARTTLS when offered), required (STARTTLS or nothing,"
              + " certificate verified) or implicit (TLS from the first byte).");
  public static final Setting<Path> TLS_AUTHORITIES =
      Setting.path(
          "smtp.tls-authorities",
          "",
          "File of certificates (PEM) believed besides those of this Java. Empty: none.");
  public static final Setting<String> EHLO_NAME =
      Setting.text("smtp.ehlo-name", "", "Name in EHLO. Empty: the name of this host.");
  public static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.duration("smtp.connect-timeout", "10s", "Time to open a connection.");
  public static final Setting<Duration> ANSWER_TIMEOUT =
      Setting.duration(
          "smtp.answer-timeout",
          "5m",
          "Time to wait for an answer, but for that to the final dot (RFC 5321 4.5.3.2).");
  public static final Setting<Duration> DATA_TIMEOUT =
      Setting.duration(
          "smtp.data-timeout",
          "10m",
          "Time to wait for the answer to the final dot. RFC 5321 4.5.3.2 asks for so long: a cut"
              + " before it leaves the outcome unknown.");
  public static final Setting<Duration> WRITE_TIMEOUT =
      Setting.duration("smtp.write-timeout", "3m", "Time for the relay to take in a mail.");
  public static final Setting<Boolean> PIPELINING =
      Setting.flag(
          "smtp.pipelining",
          true,
          "Send commands without waiting where the relay offers it (RFC 2920).");
  public static final Setting<Relay.Dsn> DSN =
      Setting.choice(
          "smtp.dsn",
          Relay.Dsn.DEFAULT,
          "Delivery reports asked for where offered (RFC 3461): default (the relay's habit),"
              + " failure, or success (failures and arrivals).");
  public static final List<Setting<?>> SETTINGS =
      Stream.of(
              List.<Setting<?>>of(HOST, PORT),
              RelayLoginConfig.SETTINGS,
              List.<Setting<?>>of(
                  TLS,
                  TLS_AUTHORITIES,
                  EHLO_NAME,
                  CONNECT_TIMEOUT,
                  ANSWER_TIMEOUT,
                  DATA_TIMEOUT,
                  WRITE_TIMEOUT,
                  PIPELINING,
                  DSN))
          .<Setting<?>>flatMap(List::stream)
          .toList();

  /** Checks the combination of values. */
  public RelayConfig {
    String written = host;
    host =
        DomainName.ascii(host)
            .orElseThrow(() -> new ConfigException(HOST.key(), written, "must be a host name"));
    requireBounded(CONNECT_TIMEOUT, timeouts.connect());
    requireBounded(ANSWER_TIMEOUT, timeouts.answer());
    requireBounded(DATA_TIMEOUT, timeouts.data());
    requireBounded(WRITE_TIMEOUT, timeouts.write());
    if (!ehloName.isEmpty() && !EhloName.isValid(ehloName)) {
      throw new ConfigException(
          EHLO_NAME.key(), ehloName, "must be a host name or an address such as [192.0.2.1]");
    }
    if (login.isToken() && tls == Tls.DISABLED) {
      throw new ConfigException(TLS.key(), "disabled", "must not be: a token needs TLS");
    }
  }

  /**
   * Our account at this relay.
   *
   * @param passwordNow reads its password anew; nothing when it cannot
   */
  Relay relay(int messagesPerConnection, Supplier<Optional<String>> passwordNow) {
    return new Relay(
        RelayMonitor.DEFAULT,
        host,
        null,
        port,
        tls,
        login.login(passwordNow),
        new Relay.Terms(ehloName, timeouts, messagesPerConnection, pipelining, dsn));
  }

  private static void requireBounded(Setting<Duration> key, Duration value) {
    if (value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new ConfigException(key.key(), value, "must be more than 0s and at most 1d");
    }
  }

  public static RelayConfig from(Settings settings) {
    return new RelayConfig(
        settings.get(HOST),
        settings.get(PORT),
        settings.get(TLS),
        settings.find(TLS_AUTHORITIES),
        RelayLoginConfig.from(settings),
        settings.get(EHLO_NAME),
        new SmtpTimeouts(
            settings.get(CONNECT_TIMEOUT),
            settings.get(ANSWER_TIMEOUT),
            settings.get(DATA_TIMEOUT),
            settings.get(WRITE_TIMEOUT)),
        settings.get(PIPELINING),
        settings.get(DSN));
  }
}
