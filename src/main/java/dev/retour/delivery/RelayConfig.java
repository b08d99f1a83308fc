package dev.retour.delivery;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.time.Duration;
import java.util.List;

/**
 * The relay (smarthost) mails are handed to.
 *
 * @param host empty: the sandbox mail world
 * @param tls how the connection is protected
 * @param ehloName the name we greet with; empty: this host's
 */
public record RelayConfig(
    String host,
    int port,
    String user,
    String password,
    Tls tls,
    String ehloName,
    Duration connectTimeout,
    Duration answerTimeout) {

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
  public static final Setting<String> USER =
      Setting.text("smtp.user", "", "User for SMTP AUTH. Empty: no authentication.");
  public static final Setting<String> PASSWORD =
      Setting.secret("smtp.password", "", "Password for SMTP AUTH.");
  public static final Setting<Tls> TLS =
      Setting.choice(
          "smtp.tls",
          Tls.OPPORTUNISTIC,
          "disabled, opportunistic (STARTTLS when offered), required (STARTTLS or nothing,"
              + " certificate verified) or implicit (TLS from the first byte).");
  public static final Setting<String> EHLO_NAME =
      Setting.text("smtp.ehlo-name", "", "Name in EHLO. Empty: the name of this host.");
  public static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.duration("smtp.connect-timeout", "10s", "Time to open a connection.");
  public static final Setting<Duration> ANSWER_TIMEOUT =
      Setting.duration(
          "smtp.answer-timeout",
          "5m",
          "Time to wait for an answer. RFC 5321 4.5.3.2 asks for minutes: a cut before the answer"
              + " to the final dot leaves the outcome unknown.");
  public static final List<Setting<?>> SETTINGS =
      List.of(HOST, PORT, USER, PASSWORD, TLS, EHLO_NAME, CONNECT_TIMEOUT, ANSWER_TIMEOUT);

  /** Checks the combination of values. */
  public RelayConfig {
    if (user.isEmpty() != password.isEmpty()) {
      throw new ConfigException(USER.key(), user, "needs smtp.password, and the other way round");
    }
    if (connectTimeout.isZero() || answerTimeout.isZero()) {
      throw new ConfigException(ANSWER_TIMEOUT.key(), answerTimeout, "must be more than 0s");
    }
  }

  /** The same with another protection. */
  RelayConfig withTls(Tls other) {
    return new RelayConfig(
        host, port, user, password, other, ehloName, connectTimeout, answerTimeout);
  }

  public static RelayConfig from(Settings settings) {
    return new RelayConfig(
        settings.get(HOST),
        settings.get(PORT),
        settings.get(USER),
        settings.get(PASSWORD),
        settings.get(TLS),
        settings.get(EHLO_NAME),
        settings.get(CONNECT_TIMEOUT),
        settings.get(ANSWER_TIMEOUT));
  }
}
