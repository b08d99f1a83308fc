package dev.retour.bounces;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Which of several lanes a mail goes: those that bear one signed return path go one, in their
 * order, so that of two reports about a mail the earlier one counts.
 */
final class Lanes {
  private static final String SIGNED = "bounce+";
  private static final int TOKEN_CHARS = 37;
  private static final int LOOKED_AT_BYTES = 64 * 1024;

  private Lanes() {}

  static int of(FoundMail found, int lanes) {
    byte[] raw = found.mail().raw();
    String text =
        new String(raw, 0, Math.min(raw.length, LOOKED_AT_BYTES), StandardCharsets.ISO_8859_1);
    int at = text.indexOf(SIGNED);
    if (at < 0) {
      return Math.floorMod(Long.hashCode(found.uid()), lanes);
    }
    int end = Math.min(text.length(), at + SIGNED.length() + TOKEN_CHARS);
    return Math.floorMod(text.substring(at, end).toLowerCase(Locale.ROOT).hashCode(), lanes);
  }
}
