package dev.retour.erp;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import dev.retour.delivery.Fact;
import dev.retour.delivery.Facts;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where and how the ERP is told.
 *
 * @param url the one address; empty: the ERP is told nothing
 * @param secrets sign each callback, every one of them
 * @param concurrency requests at a time
 * @param connect how long a connection may take
 * @param answer how long an answer may take, from the request to its last byte
 * @param retryAfterMax the longest pause an answer may ask for
 * @param redAfter how long the endpoint may be away before that is a fault
 */
public record CallbackConfig(
    Optional<URI> url,
    CallbackSecrets secrets,
    int concurrency,
    Duration connect,
    Duration answer,
    Duration retryAfterMax,
    Duration redAfter) {
  private static final Duration WAIT_MAX = Duration.ofMinutes(5);
  private static final int URL_CHARS_MAX = 2_000;
  private static final String DEFAULT_FACTS =
      Stream.of(Fact.values())
          .filter(fact -> fact != Fact.SENT)
          .map(Fact::label)
          .collect(Collectors.joining(", "));

  public static final Setting<String> URL =
      Setting.text(
          "callback.url",
          "",
          "Address the ERP is told facts at, by HTTP POST: https://erp.example.com/retour. Empty: it"
              + " is told nothing.");
  public static final Setting<String> SECRETS =
      Setting.secret(
          "callback.secrets",
          "",
          "Secrets that sign callbacks as in Standard Webhooks, whsec_ and base64 of 24 to 64 bytes,"
              + " separated by blanks. Each signs, so that one can be replaced without a gap.");
  public static final Setting<Path> SECRETS_FILE =
      Setting.path(
          "callback.secrets-file",
          "",
          "File of such secrets, one per line, instead of callback.secrets.");
  public static final Setting<String> FACTS =
      Setting.text(
          "callback.facts",
          DEFAULT_FACTS,
          "What the ERP is told, separated by commas; there is also sent, for each mail accepted.");
  public static final Setting<Boolean> IN_THE_CLEAR =
      Setting.flag(
          "callback.in-the-clear",
          false,
          "Allows http to another machine: anybody on the way can read addresses and failures.");
  public static final Setting<Integer> CONCURRENCY =
      Setting.number("callback.concurrency", 2, 1, 50, "requests", "Callbacks at a time.");
  public static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.duration("callback.connect-timeout", "5s", "How long a connection may take.");
  public static final Setting<Duration> ANSWER_TIMEOUT =
      Setting.duration(
          "callback.answer-timeout", "15s", "How long the ERP may take for its whole answer.");
  public static final Setting<Duration> RETRY_AFTER_MAX =
      Setting.duration(
          "callback.retry-after-max", "1h", "The longest pause taken from a Retry-After.");
  public static final Setting<Duration> VALIDITY =
      Setting.duration(
          "callback.validity",
          "5d",
          "How long it is tried to tell a fact; the policy callback in rules/redelivery.rules.yaml"
              + " may end it earlier.");
  public static final Setting<Duration> RED_AFTER =
      Setting.duration(
          "callback.red-after", "1m", "Health is red when the endpoint is away for so long.");
  public static final List<Setting<?>> SETTINGS =
      List.of(
          URL,
          SECRETS,
          SECRETS_FILE,
          FACTS,
          IN_THE_CLEAR,
          CONCURRENCY,
          CONNECT_TIMEOUT,
          ANSWER_TIMEOUT,
          RETRY_AFTER_MAX,
          VALIDITY,
          RED_AFTER);

  /** Checks the bounds. */
  public CallbackConfig {
    between(CONNECT_TIMEOUT, connect);
    between(ANSWER_TIMEOUT, answer);
    if (url.isPresent() && secrets.isEmpty()) {
      throw new ConfigException(
          SECRETS.key(), "", "must be set, or " + SECRETS_FILE.key() + ": callbacks are signed");
    }
  }

  public static CallbackConfig from(Settings settings) {
    Optional<URI> url = url(settings);
    return new CallbackConfig(
        url,
        url.isEmpty() ? CallbackSecrets.NONE : CallbackSecrets.from(settings),
        settings.get(CONCURRENCY),
        settings.get(CONNECT_TIMEOUT),
        settings.get(ANSWER_TIMEOUT),
        settings.get(RETRY_AFTER_MAX),
        settings.get(RED_AFTER));
  }

  /**
   * What the ERP wants to know; needs no secret, so that a command of a person can write it down,
   * too.
   *
   * @param tenant whose documents these are; empty: not said
   */
  public static Facts facts(Settings settings, String tenant) {
    if (url(settings).isEmpty()) {
      return Facts.NONE;
    }
    Duration validity = settings.get(VALIDITY);
    if (validity.compareTo(Duration.ofMinutes(1)) < 0
        || validity.compareTo(Duration.ofDays(60)) > 0) {
      throw new ConfigException(VALIDITY.key(), settings.text(VALIDITY), "must be from 1m to 60d");
    }
    Set<Fact> wanted = EnumSet.noneOf(Fact.class);
    for (String label : settings.get(FACTS).split(",", -1)) {
      String name = label.strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty()) {
        wanted.add(
            Fact.of(name)
                .orElseThrow(
                    () ->
                        new ConfigException(
                            FACTS.key(), name, "must be of " + DEFAULT_FACTS + ", sent")));
      }
    }
    return new Facts(wanted, validity, tenant);
  }

  /** Whether the ERP is told anything. */
  public boolean enabled() {
    return url.isPresent();
  }

  private static Optional<URI> url(Settings settings) {
    String text = settings.get(URL);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text, "must be an https address");
    }
    boolean https = "https".equalsIgnoreCase(url.getScheme());
    boolean http = "http".equalsIgnoreCase(url.getScheme());
    if ((!https && !http) || url.getHost() == null || text.length() > URL_CHARS_MAX) {
      throw refused(text, "must be an https address");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      throw refused("***", "must hold neither a password nor a fragment");
    }
    if (http && !isThisMachine(url.getHost()) && !settings.get(IN_THE_CLEAR)) {
      throw refused(text, "must be https, or " + IN_THE_CLEAR.key() + " be true");
    }
    return Optional.of(url);
  }

  private static ConfigException refused(String text, String expectation) {
    return new ConfigException(URL.key(), text, expectation);
  }

  private static boolean isThisMachine(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private static void between(Setting<Duration> setting, Duration value) {
    if (value.isZero() || value.compareTo(WAIT_MAX) > 0) {
      throw new ConfigException(setting.key(), value, "must be more than 0s and at most 5m");
    }
  }
}
