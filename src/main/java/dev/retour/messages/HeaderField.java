package dev.retour.messages;

import jakarta.mail.internet.ParameterList;
import java.util.Locale;
import java.util.Set;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.util.MimeUtil;

/** Writes header fields that no value can break out of (RFC 5322, RFC 2047, RFC 2231). */
final class HeaderField {
  private static final int TEXT_CHARS_MAX = 250;
  private static final int NAME_CHARS_MAX = 60;
  private static final Set<String> FREE =
      Set.of("organization", "keywords", "importance", "precedence");
  private static final Set<String> OURS = Set.of("x-auto-response-suppress");

  private HeaderField() {}

  /** Whether a message may set this header; the ones that route or frame a mail are not free. */
  static boolean isFree(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return name.length() <= NAME_CHARS_MAX
        && isToken(name)
        && (FREE.contains(lower) || (lower.startsWith("x-") && !OURS.contains(lower)));
  }

  /** Whether this is a media type of one single file. */
  static boolean isMediaType(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || text.length() > 127) {
      return false;
    }
    String type = text.substring(0, slash).toLowerCase(Locale.ROOT);
    return isToken(type)
        && isToken(text.substring(slash + 1))
        && !type.equals("multipart")
        && !type.equals("message");
  }

  /** A token of RFC 2045; also fits the name of a header. */
  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> c > ' ' && c < 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0);
  }

  /**
   * A value on one line: control characters, line ends of all kinds and white space become single
   * spaces, and what exceeds the limit is cut. This is what keeps a field of an event from adding a
   * header.
   */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), TEXT_CHARS_MAX + 2));
    int characters = 0;
    int end = text.length();
    for (int i = 0; i < end; i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean gap = Character.isWhitespace(c) || Character.isISOControl(c) || isSeparator(c);
      if (gap && (line.isEmpty() || line.charAt(line.length() - 1) == ' ')) {
        continue;
      }
      if (++characters > TEXT_CHARS_MAX) {
        return line.append('…').toString();
      }
      line.appendCodePoint(gap ? ' ' : isLoneSurrogate(c) ? 0xFFFD : c);
    }
    return line.toString().strip();
  }

  private static boolean isSeparator(int c) {
    int type = Character.getType(c);
    return type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
  }

  private static boolean isLoneSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  /** A whole field of free text, folded, with its line end. */
  static String unstructured(String name, String text) {
    String value = oneLine(text);
    String encoded =
        value.contains("=?")
            ? EncoderUtil.encodeEncodedWord(value, EncoderUtil.Usage.TEXT_TOKEN, name.length() + 2)
            : EncoderUtil.encodeIfNecessary(value, EncoderUtil.Usage.TEXT_TOKEN, name.length() + 2);
    return raw(name, encoded);
  }

  /** A whole field with one address. */
  static String address(String name, String displayName, String address) {
    String shown = oneLine(displayName);
    return shown.isEmpty()
        ? raw(name, address)
        : raw(name, EncoderUtil.encodeAddressDisplayName(shown) + " <" + address + ">");
  }

  /** A whole field whose value is already in the form of its standard. */
  static String raw(String name, String value) {
    return MimeUtil.fold(name + ": " + value, 0) + "\r\n";
  }

  /** The Content-Disposition of a file with its name (RFC 2183, RFC 2231). */
  static String attachment(String fileName) {
    ParameterList parameters = new ParameterList();
    parameters.set("filename", fileName, "UTF-8");
    String name = "Content-Disposition: attachment";
    return name + parameters.toString(name.length()) + "\r\n";
  }
}
