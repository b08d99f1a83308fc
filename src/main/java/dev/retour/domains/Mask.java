package dev.retour.domains;

import dev.retour.mail.DomainName;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A name with {@code *} (any characters, also none) and {@code ?} (one character), compared without
 * regard to case.
 */
final class Mask {
  static final String SHAPE = "[a-z0-9*?._-]{1,253}";

  private final String text;

  Mask(String text) {
    this.text = text.toLowerCase(Locale.ROOT);
  }

  /**
   * As it is compared: lower case, labels of other scripts as in the DNS. A label of another script
   * with a wild card in it stays, and has no mask's shape.
   */
  static String normal(String written) {
    return Arrays.stream(written.split("\\.", -1))
        .map(label -> DomainName.ascii(label).orElse(label))
        .collect(Collectors.joining("."))
        .toLowerCase(Locale.ROOT);
  }

  /** How many characters it prescribes: the more, the more specific. */
  int literals() {
    return (int) text.chars().filter(c -> c != '*' && c != '?').count();
  }

  boolean isExact() {
    return literals() == text.length();
  }

  boolean isEverything() {
    return text.equals("*");
  }

  /** Two pointers and one place to return to: no recursion, no regular expression. */
  boolean matches(String name) {
    int at = 0;
    int mask = 0;
    int star = -1;
    int starAt = 0;
    while (at < name.length()) {
      if (mask < text.length() && text.charAt(mask) == '*') {
        star = mask++;
        starAt = at;
      } else if (mask < text.length()
          && (text.charAt(mask) == '?'
              || text.charAt(mask) == Character.toLowerCase(name.charAt(at)))) {
        mask++;
        at++;
      } else if (star >= 0) {
        mask = star + 1;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (mask < text.length() && text.charAt(mask) == '*') {
      mask++;
    }
    return mask == text.length();
  }

  @Override
  public String toString() {
    return text;
  }
}
