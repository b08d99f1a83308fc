package dev.retour.mail;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.Optional;

/**
 * Internationalised domain names as registries have them (IDNA 2008, RFC 5890 to 5893) and browsers
 * read them (UTS 46, non-transitional): {@code faß.de} is another domain than {@code fass.de}, with
 * another owner.
 */
public final class DomainName {
  private static final int CHARS_MAX = 255;

  /** Letters beside those of RFC 5892 section 2.1 that a label may have (section 2.6, A.1–A.9). */
  private static final String FURTHER =
      "-.\u200C\u200D\u00B7\u0375\u05F3\u05F4\u30FB\u06FD\u06FE\u0F0B\u3007";

  /** Loads the tables of Unicode, so only when a name needs them. */
  private static final class Tables {
    static final IDNA UTS46 =
        IDNA.getUTS46Instance(
            IDNA.NONTRANSITIONAL_TO_ASCII
                | IDNA.NONTRANSITIONAL_TO_UNICODE
                | IDNA.CHECK_BIDI
                | IDNA.CHECK_CONTEXTJ
                | IDNA.CHECK_CONTEXTO
                | IDNA.USE_STD3_RULES);
  }

  private DomainName() {}

  /**
   * The name as it stands in the DNS: A-labels, lower case. What is ASCII already is only put into
   * lower case.
   *
   * @return nothing when it is no domain name: symbols, letters that no label may have, a joiner
   *     where none belongs, directions mixed, a label of more than 63 octets
   */
  public static Optional<String> ascii(String name) {
    if (name.chars().allMatch(c -> c < 128)) {
      return Optional.of(name.toLowerCase(Locale.ROOT));
    }
    if (name.length() > CHARS_MAX) {
      return Optional.empty();
    }
    IDNA.Info info = new IDNA.Info();
    StringBuilder unicode = Tables.UTS46.nameToUnicode(name, new StringBuilder(), info);
    if (info.hasErrors() || !unicode.codePoints().allMatch(DomainName::mayStand)) {
      return Optional.empty();
    }
    IDNA.Info inAscii = new IDNA.Info();
    StringBuilder ascii = Tables.UTS46.nameToASCII(name, new StringBuilder(), inAscii);
    return inAscii.hasErrors() ? Optional.empty() : Optional.of(ascii.toString());
  }

  /** UTS 46 lets symbols pass, for browsers; IDNA 2008 has letters, marks and digits only. */
  private static boolean mayStand(int c) {
    switch (Character.getType(c)) {
      case Character.LOWERCASE_LETTER:
      case Character.UPPERCASE_LETTER:
      case Character.OTHER_LETTER:
      case Character.MODIFIER_LETTER:
      case Character.NON_SPACING_MARK:
      case Character.COMBINING_SPACING_MARK:
      case Character.DECIMAL_DIGIT_NUMBER:
        return true;
      default:
        return FURTHER.indexOf(c) >= 0;
    }
  }
}
