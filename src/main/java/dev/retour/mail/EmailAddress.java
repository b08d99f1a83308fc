package dev.retour.mail;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One mailbox address (RFC 5321 4.1.2), however it was written in a header, a report or a text.
 *
 * @param local the part before the at sign as written, at most 64 octets
 * @param domain the part after it, lower case, internationalised names as A-labels
 */
public record EmailAddress(String local, String domain) {
  private static final int LOCAL_OCTETS_MAX = 64;
  private static final int DOMAIN_OCTETS_MAX = 255;
  private static final int TEXT_MAX = 1_000;
  private static final String NO_PART_OF_ADDRESS = "<>()[]\\,;:\"'`";

  /** {@code local@domain}. */
  public String text() {
    return local + "@" + domain;
  }

  /** The form addresses are compared and stored by: everything lower case, composed (NFC). */
  public String key() {
    String lower = local.toLowerCase(Locale.ROOT);
    return (isAscii(lower) ? lower : Normalizer.normalize(lower, Normalizer.Form.NFC))
        + "@"
        + domain;
  }

  /** Written out: what the compiler makes for a record costs ten times as much on a small JVM. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EmailAddress that
        && local.equals(that.local)
        && domain.equals(that.domain);
  }

  @Override
  public int hashCode() {
    return 31 * local.hashCode() + domain.hashCode();
  }

  @Override
  public String toString() {
    return text();
  }

  /**
   * Reads {@code a@b}, {@code "Name" <a@b>}, {@code rfc822;a@b}, {@code <mailto:a@b>} and the like.
   *
   * @return nothing when there is no address in the text, when it holds control characters, or when
   *     a part is longer than RFC 5321 4.5.3.1 allows
   */
  public static Optional<EmailAddress> parse(String text) {
    if (text.length() > TEXT_MAX || text.indexOf('@') < 0 || hasControl(text)) {
      return Optional.empty();
    }
    int close = text.lastIndexOf('>');
    int open = close < 0 ? -1 : text.lastIndexOf('<', close);
    if (open >= 0) {
      String inside = text.substring(open + 1, close);
      if (inside.indexOf('@') >= 0) {
        return within(inside);
      }
    }
    return within(text);
  }

  private static Optional<EmailAddress> within(String text) {
    int at = text.lastIndexOf('@');
    while (at > 0) {
      Span span = Span.around(text, at, 0);
      if (span != null) {
        return of(text.substring(span.start(), at), text.substring(at + 1, span.end()));
      }
      at = text.lastIndexOf('@', at - 1);
    }
    return Optional.empty();
  }

  /** Checks and normalises two parts that were already cut out of a text. */
  static Optional<EmailAddress> of(String local, String domain) {
    String host = domain;
    if (!isAscii(host)) {
      Optional<String> labels = DomainName.ascii(host);
      if (labels.isEmpty()) {
        return Optional.empty(); // not a host name in any script
      }
      host = labels.get();
    }
    host = host.toLowerCase(Locale.ROOT);
    int localOctets =
        isAscii(local) ? local.length() : local.getBytes(StandardCharsets.UTF_8).length;
    if (localOctets == 0
        || localOctets > LOCAL_OCTETS_MAX
        || host.isEmpty()
        || host.length() > DOMAIN_OCTETS_MAX
        || !isHost(host)
        || hasControl(local)) {
      return Optional.empty();
    }
    return Optional.of(new EmailAddress(local, host));
  }

  /**
   * A recipient as a report names it whose domain is no host name, as in {@code a@#example.net}: a
   * typing error that some server was asked to deliver to all the same.
   */
  static Optional<EmailAddress> mistyped(String text) {
    String bare = text.strip();
    int at = bare.lastIndexOf('@');
    if (at < 1 || at > LOCAL_OCTETS_MAX || bare.length() - at > DOMAIN_OCTETS_MAX) {
      return Optional.empty();
    }
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      if (c <= ' ' || c > '~' || NO_PART_OF_ADDRESS.indexOf(c) >= 0 || (c == '@' && i != at)) {
        return Optional.empty();
      }
    }
    return bare.indexOf('.', at) < 0
        ? Optional.empty()
        : Optional.of(
            new EmailAddress(
                bare.substring(0, at), bare.substring(at + 1).toLowerCase(Locale.ROOT)));
  }

  /**
   * Also after the letters of other scripts have become ASCII, some of them brackets and blanks.
   */
  private static boolean isHost(String host) {
    boolean literal = host.charAt(0) == '[';
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      boolean dot = c == '.' && i > 0 && host.charAt(i - 1) != '.';
      boolean bracket = literal && (c == ':' || (i == 0 || (c == ']' && i == host.length() - 1)));
      if (!plain && !dot && !bracket) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 126) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\t') {
        return true;
      }
    }
    return false;
  }
}
