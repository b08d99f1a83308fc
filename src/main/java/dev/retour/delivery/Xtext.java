package dev.retour.delivery;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Text inside a parameter of MAIL or RCPT (RFC 3461 section 4). */
final class Xtext {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Xtext() {}

  static String of(String text) {
    StringBuilder coded = new StringBuilder(text.length() + 8);
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each > ' ' && each < 127 && each != '+' && each != '=') {
        coded.append((char) each);
      } else {
        coded.append('+').append(HEX.toHexDigits(each));
      }
    }
    return coded.toString();
  }
}
