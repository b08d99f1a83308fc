package dev.retour.domains;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the mail for a domain goes. */
public sealed interface Route {
  /**
   * To the relay of the settings.
   *
   * @param tls null: as the settings say
   */
  record Smarthost(@Nullable TlsMode tls) implements Route {}

  /** To a relay of its own. */
  record Relayed(Via.Relay relay) implements Route {}

  /**
   * To the domain's own servers, one after the other as long as no connection comes about (RFC 5321
   * section 5.1).
   *
   * @param hops by preference; never empty
   */
  record Direct(List<Hop> hops) implements Route {
    public Direct {
      hops = List.copyOf(hops);
    }
  }

  /**
   * Nowhere.
   *
   * @param replyCode the SMTP code that says the same: 5xx for good, 4xx for now
   * @param text with an enhanced status code (RFC 3463) in front
   */
  record None(int replyCode, String text) implements Route {}
}
