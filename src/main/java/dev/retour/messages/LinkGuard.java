package dev.retour.messages;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModelException;
import freemarker.template.TemplateScalarModel;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at every link that a value begins, at the moment it is written into a mail: whatever way
 * the value took through the template, it must be an address of the web in one of the domains that
 * {@code event.yaml} names (spec C3, C11).
 */
final class LinkGuard implements TemplateMethodModelEx {
  /** What the guard is called in a template; no author can use the word. */
  static final String NAME = "retour_link";

  /** The value that leads to the page where the recipient unsubscribes. */
  static final String UNSUBSCRIBE = "unsubscribeUrl";

  private static final Pattern LINK =
      Pattern.compile(
          "(?i)\\b((?:href|src|action|background|background-url|poster)\\s*=\\s*[\"']?\\s*)"
              + "\\[=\\s*((?:[A-Za-z_]\\w*\\s*\\.\\s*)+[A-Za-z_]\\w*|"
              + UNSUBSCRIBE
              + ")\\s*\\]");

  private final Set<String> domains;

  LinkGuard(Set<String> domains) {
    this.domains = domains;
  }

  /**
   * Guards the domains that the URL fields of an event type name.
   *
   * @param own the host where recipients unsubscribe; empty: there is none
   */
  static LinkGuard of(EventDefinition.Shape shape, String own) {
    return new LinkGuard(
        Stream.concat(
                own.isEmpty() ? Stream.empty() : Stream.of(own),
                shape.allFields().flatMap(field -> field.domains().stream()))
            .map(domain -> domain.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The source of a template, with the guard at each link that a value begins. */
  static String wrap(String source) {
    Matcher matcher = LINK.matcher(source);
    return matcher.replaceAll("$1[=" + NAME + "($2)]");
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Object exec(List arguments) throws TemplateModelException {
    Object value = arguments.get(0);
    if (value == null) {
      throw new TemplateModelException(
          "This link has no value; ask first whether there is one: [#if x??] … [/#if].");
    }
    if (value instanceof TemplateScalarModel text && isAllowed(text.getAsString())) {
      return value;
    }
    throw new TemplateModelException(
        "A link may lead only to the domains that event.yaml gives its fields of type url; this"
            + " value leads elsewhere.");
  }

  private boolean isAllowed(String link) {
    int begin =
        link.regionMatches(true, 0, "https://", 0, 8)
            ? 8
            : link.regionMatches(true, 0, "http://", 0, 7) ? 7 : link.length();
    int end = begin;
    while (end < link.length() && isHost(link.charAt(end))) {
      end++;
    }
    boolean ended = end == link.length() || "/?#:".indexOf(link.charAt(end)) >= 0;
    return end > begin && ended && isOurs(link, begin, end) && isPort(link, end);
  }

  /** Behind a colon only a port may stand: https://shop.example.com:x@evil.example has none. */
  private static boolean isPort(String link, int colon) {
    if (colon == link.length() || link.charAt(colon) != ':') {
      return true;
    }
    int end = colon + 1;
    while (end < link.length() && Character.digit(link.charAt(end), 10) >= 0) {
      end++;
    }
    return end == link.length() || "/?#".indexOf(link.charAt(end)) >= 0;
  }

  private static boolean isHost(char c) {
    return c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-');
  }

  private boolean isOurs(String link, int begin, int end) {
    for (String domain : domains) {
      int from = end - domain.length();
      boolean whole = from == begin || (from > begin && link.charAt(from - 1) == '.');
      if (whole && link.regionMatches(true, from, domain, 0, domain.length())) {
        return true;
      }
    }
    return false;
  }
}
