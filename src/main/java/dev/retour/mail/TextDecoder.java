package dev.retour.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to text for mails whose charset is missing, wrong or unknown. Linear in the input; never
 * fails.
 */
final class TextDecoder {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final Charset ISO_2022_JP = Charset.forName("ISO-2022-JP");

  private static final int CHARSETS_KEPT = 200;

  /** Charsets by the name mails give them; the JDK looks through jars for each unknown one. */
  private static final Map<String, Optional<Charset>> CHARSETS = new ConcurrentHashMap<>();

  /**
   * All there are, by all their names; asked once somebody has sent more names than are kept, as
   * the JDK takes a millisecond to tell that it does not know one. Costs some to list, so not at
   * first.
   */
  private static final class Installed {
    static final Map<String, Charset> CHARSETS = list();

    private static Map<String, Charset> list() {
      Map<String, Charset> all = new HashMap<>();
      for (Charset charset : Charset.availableCharsets().values()) {
        all.put(charset.name().toLowerCase(Locale.ROOT), charset);
        charset.aliases().forEach(alias -> all.put(alias.toLowerCase(Locale.ROOT), charset));
      }
      return Map.copyOf(all);
    }
  }

  private TextDecoder() {}

  /** A raw header field to its unfolded value. */
  static String header(byte[] raw, int max) {
    int length = Math.min(raw.length, max);
    byte[] bytes = new byte[length];
    int size = 0;
    boolean inValue = false;
    for (int i = 0; i < length; i++) {
      byte b = raw[i];
      if (!inValue) {
        inValue = b == ':';
      } else if (b != '\r' && b != '\n') {
        bytes[size++] = b == '\t' ? (byte) ' ' : b;
      }
    }
    return guess(bytes, size).strip();
  }

  /** A body in the charset it claims, or in the one its bytes look like. */
  static String body(byte[] bytes, @Nullable String claimed) {
    return body(bytes, bytes.length, claimed);
  }

  /** The same of the first bytes. */
  static String body(byte[] bytes, int size, @Nullable String claimed) {
    Charset charset = find(claimed);
    if (charset == null
        || charset.equals(StandardCharsets.US_ASCII)
        || charset.equals(StandardCharsets.UTF_8)) {
      return guess(bytes, size);
    }
    return new String(bytes, 0, size, charset);
  }

  private static String guess(byte[] bytes, int size) {
    int all = 0;
    for (int i = 0; i < size; i++) {
      all |= bytes[i];
    }
    if (all >= 0) {
      String ascii = new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
      boolean japanese = ascii.indexOf("\u001b$") >= 0 || ascii.indexOf("\u001b(") >= 0;
      return japanese ? new String(bytes, 0, size, ISO_2022_JP) : ascii;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, size)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, 0, size, WINDOWS_1252); // not UTF-8, or cut inside a character
    }
  }

  private static @Nullable Charset find(@Nullable String name) {
    if (name == null || name.isBlank() || name.length() > 40) {
      return null;
    }
    Optional<Charset> known = CHARSETS.get(name);
    if (known == null) {
      String lower = name.strip().toLowerCase(Locale.ROOT);
      if (CHARSETS.size() >= CHARSETS_KEPT) { // names are a stranger's: no end of them
        return Installed.CHARSETS.get(lower);
      }
      known = Optional.ofNullable(named(lower));
      CHARSETS.put(name, known);
    }
    return known.orElse(null);
  }

  private static @Nullable Charset named(String known) {
    try {
      return switch (known) {
        case "gb2312", "gbk", "cn-gb", "hz-gb-2312" -> Charset.forName("GB18030");
        case "iso-8859-1", "latin1", "iso8859-1" -> WINDOWS_1252;
        case "iso-2022-jp", "iso-2022-jp-1", "csiso2022jp" -> ISO_2022_JP;
        case "ks_c_5601-1987", "euc-kr" -> Charset.forName("x-windows-949");
        case "shift_jis", "sjis", "x-sjis" -> Charset.forName("windows-31j");
        default -> Charset.forName(known);
      };
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return null; // invented by a mail program; the bytes tell more
    }
  }

  /** Decodes the encoded words (RFC 2047) of a header value; broken ones stay as they are. */
  static String words(String value) {
    int open = value.indexOf("=?");
    if (open < 0) {
      return value;
    }
    StringBuilder text = new StringBuilder(value.length());
    int from = 0;
    boolean afterWord = false;
    while (open >= 0) {
      int charsetEnd = value.indexOf('?', open + 2);
      int close =
          charsetEnd < 0 || charsetEnd - open > 60 ? -1 : value.indexOf("?=", charsetEnd + 3);
      String word =
          close < 0 || charsetEnd + 2 >= value.length() || value.charAt(charsetEnd + 2) != '?'
              ? null
              : word(
                  value.substring(open + 2, charsetEnd),
                  value.charAt(charsetEnd + 1),
                  value.substring(charsetEnd + 3, close));
      if (word == null) {
        if (close < 0 && charsetEnd < 0) {
          break;
        }
        open = value.indexOf("=?", open + 2);
        continue;
      }
      String between = value.substring(from, open);
      text.append(afterWord && between.isBlank() ? "" : between).append(word);
      from = close + 2;
      afterWord = true;
      open = value.indexOf("=?", from);
    }
    return text.append(value, from, value.length()).toString();
  }

  private static @Nullable String word(String charset, char encoding, String encoded) {
    int language = charset.indexOf('*'); // RFC 2231 5
    String name = language < 0 ? charset : charset.substring(0, language);
    byte[] bytes;
    if (encoding == 'B' || encoding == 'b') {
      try {
        bytes = Base64.getMimeDecoder().decode(encoded.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IllegalArgumentException e) {
        return null; // shown as it came
      }
    } else if (encoding == 'Q' || encoding == 'q') {
      bytes = quoted(encoded);
    } else {
      return null;
    }
    return body(bytes, name);
  }

  private static byte[] quoted(String encoded) {
    byte[] bytes = new byte[encoded.length()];
    int size = 0;
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      int high = c == '=' && i + 2 < encoded.length() ? hex(encoded.charAt(i + 1)) : -1;
      int low = high < 0 ? -1 : hex(encoded.charAt(i + 2));
      if (low >= 0) {
        bytes[size++] = (byte) (high * 16 + low);
        i += 2;
      } else {
        bytes[size++] = (byte) (c == '_' ? ' ' : c);
      }
    }
    return java.util.Arrays.copyOf(bytes, size);
  }

  private static int hex(char c) {
    return c > 127 ? -1 : Character.digit(c, 16);
  }
}
