package dev.retour.mail;

import dev.retour.config.ConfigException;
import dev.retour.config.Setting;
import dev.retour.config.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where recipients unsubscribe (RFC 8058).
 *
 * @param url without a slash at its end; empty: no message can be unsubscribed from
 * @param validity how long a link counts, rounded up to whole days
 */
public record UnsubscribeConfig(String url, Duration validity) {
  public static final Setting<String> URL =
      Setting.text(
          "unsubscribe.url",
          "",
          "Address by which recipients reach this server, such as https://mail.example.com: in front"
              + " of /unsubscribe/ in the links of mails. Empty: a message that declares"
              + " \"unsubscribe\" cannot be published.");
  public static final Setting<Duration> VALIDITY =
      Setting.duration(
          "unsubscribe.validity",
          "365d",
          "How long the link of a mail unsubscribes; not longer than delivery.retention.");
  public static final List<Setting<?>> SETTINGS = List.of(URL, VALIDITY);

  private static final int CHARS_MAX = 200;
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  /** Checks the values that a parser alone cannot. */
  public UnsubscribeConfig {
    if (!url.isEmpty() && !isUsable(url)) {
      throw new ConfigException(
          URL.key(),
          url,
          "must be an address such as https://mail.example.com, by https (http only for this"
              + " machine), without query, at most "
              + CHARS_MAX
              + " characters");
    }
    while (url.endsWith("/")) {
      url = url.substring(0, url.length() - 1);
    }
  }

  /** Reads and checks the settings. */
  public static UnsubscribeConfig from(Settings settings) {
    return new UnsubscribeConfig(settings.get(URL).strip(), settings.get(VALIDITY));
  }

  /** Whether mails can carry a link. */
  public boolean isSet() {
    return !url.isEmpty();
  }

  /** The address of one link. */
  public String link(String token) {
    return url + "/unsubscribe/" + token;
  }

  /** The host of all links; empty when there are none. */
  public String host() {
    return url.isEmpty() ? "" : URI.create(url).getHost().toLowerCase(Locale.ROOT);
  }

  private static boolean isUsable(String url) {
    try {
      URI uri = new URI(url);
      String host = uri.getHost();
      boolean plain =
          host != null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.getRawUserInfo() == null
              && url.length() <= CHARS_MAX
              && url.chars().allMatch(c -> c > ' ' && c < 127 && "<>\"'&,".indexOf(c) < 0);
      return plain
          && ("https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme())
                  && THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT))));
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
