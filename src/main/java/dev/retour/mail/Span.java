package dev.retour.mail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an address stands in a line of text.
 *
 * @param start index of its first character
 * @param end index behind its last character
 */
record Span(int start, int end) {
  private static final int REACH_MAX = 320;

  /** An address found in a line of text, with its place. */
  record Found(Span span, EmailAddress address) {}

  /** All addresses of one line, in order; those without a dot in the domain are no addresses. */
  static List<Found> findAll(String line, int max) {
    int at = line.indexOf('@');
    if (at < 0) {
      return List.of();
    }
    List<Found> found = new ArrayList<>(2);
    int from = 0;
    while (at > 0 && found.size() < max) {
      Span span = around(line, at, from);
      if (span != null) {
        String domain = line.substring(at + 1, span.end());
        int end = span.end();
        if (domain.indexOf('.') > 0) {
          EmailAddress.of(line.substring(span.start(), at), domain)
              .ifPresent(address -> found.add(new Found(span, address)));
          from = end;
        }
      }
      at = line.indexOf('@', at + 1);
    }
    return found;
  }

  /** The address around the at sign, or null when there is none; looks at a bounded stretch. */
  static @Nullable Span around(String text, int at, int from) {
    int start = localStart(text, at, from);
    int end = domainEnd(text, at);
    while (start < at - 1 && end < text.length() && isPair(text.charAt(start), text.charAt(end))) {
      start++;
    }
    return start >= at || end <= at + 1 ? null : new Span(start, end);
  }

  private static int localStart(String text, int at, int from) {
    int least = Math.max(from, at - REACH_MAX);
    int start = at;
    if (at > least && text.charAt(at - 1) == '"') {
      int quote = at - 2;
      while (quote >= least && text.charAt(quote) != '"') {
        quote--;
      }
      return quote >= least && at - quote > 2 ? quote : at;
    }
    while (start > least && isLocal(text.charAt(start - 1))) {
      start--;
    }
    while (start < at && isEdge(text.charAt(start))) {
      start++;
    }
    return start;
  }

  private static int domainEnd(String text, int at) {
    int most = Math.min(text.length(), at + REACH_MAX);
    int end = at + 1;
    if (end < most && text.charAt(end) == '[') {
      do {
        end++;
      } while (end < most && isLiteral(text.charAt(end)));
      return end < most && text.charAt(end) == ']' ? end + 1 : at;
    }
    while (end < most && (isDomain(text.charAt(end)) || isForeignDot(text, end, most))) {
      end++;
    }
    while (end > at + 1 && ".-_".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return end > at + 1 && Character.isLetterOrDigit(text.charAt(at + 1)) ? end : at;
  }

  /** {@code {a@example.org}}, {@code *a@example.org*}: marks around an address, not part of it. */
  private static boolean isPair(char open, char close) {
    return open == '{' ? close == '}' : open == close && "*|=_/~".indexOf(open) >= 0;
  }

  private static boolean isEdge(char c) {
    return c == '\'' || c == '.' || c == '`';
  }

  private static boolean isLocal(char c) {
    if (c < 128) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0;
    }
    return Character.isSurrogate(c) || Character.isLetterOrDigit(c);
  }

  /** An address literal (RFC 5321 4.1.3): {@code [192.0.2.1]}, {@code [IPv6:2001:db8::1]}. */
  private static boolean isLiteral(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == ':' || c == '-');
  }

  private static boolean isDomain(char c) {
    return c < 128
        ? (c >= 'a' && c <= 'z')
            || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || c == '-'
            || c == '.'
            || c == '_'
        : isForeign(c);
  }

  /**
   * What makes a word of another script, and symbols: a name is taken whole, and refused whole when
   * it is none, never cut to another one before the symbol.
   */
  private static boolean isForeign(char c) {
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.OTHER_SYMBOL
        || type == Character.OTHER_NUMBER
        || type == Character.SURROGATE
        || "\u200C\u200D\u00B7\u0375\u05F3\u05F4\u30FB".indexOf(c) >= 0;
  }

  /** A full stop of another script, inside a name; at its end it is that of the sentence. */
  private static boolean isForeignDot(String text, int at, int most) {
    return "\u3002\uFF0E\uFF61".indexOf(text.charAt(at)) >= 0
        && at + 1 < most
        && Character.isLetterOrDigit(text.charAt(at + 1));
  }
}
