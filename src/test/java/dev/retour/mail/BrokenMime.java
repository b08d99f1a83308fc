package dev.retour.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Random;

/**
 * Makes broken mails: damages real ones byte by byte and line by line, splices two, or composes one
 * from fragments of the grammar. The same seed makes the same mails.
 */
final class BrokenMime {
  private static final int BYTES_MAX = 300_000;
  private static final int NEST_MAX = 4;

  private final Random random;
  private final List<byte[]> mails;

  BrokenMime(long seed, List<byte[]> mails) {
    this.random = new Random(seed);
    this.mails = mails;
  }

  /** The next mail; anything from nothing to some hundred thousand bytes. */
  byte[] next() {
    byte[] mail =
        switch (random.nextInt(6)) {
          case 0 -> composed();
          case 1 -> spliced(any(), any());
          case 2 -> spliced(composed(), any());
          default -> any().clone();
        };
    for (int times = random.nextInt(8); times > 0; times--) {
      mail = damaged(mail);
    }
    return mail.length > BYTES_MAX ? java.util.Arrays.copyOf(mail, BYTES_MAX) : mail;
  }

  private byte[] any() {
    return mails.get(random.nextInt(mails.size()));
  }

  private byte[] spliced(byte[] some, byte[] other) {
    int end = random.nextInt(some.length + 1);
    int start = random.nextInt(other.length + 1);
    return bytes(text(some).substring(0, end) + text(other).substring(start));
  }

  private byte[] damaged(byte[] mail) {
    String text = text(mail);
    int at = random.nextInt(text.length() + 1);
    int line = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
    int end = text.indexOf('\n', at);
    end = end < 0 ? text.length() : end + 1;
    line = Math.min(line, end);
    String before = text.substring(0, at);
    String after = text.substring(at);
    return bytes(
        switch (random.nextInt(16)) {
          case 0 ->
              before + (char) random.nextInt(256) + (after.isEmpty() ? "" : after.substring(1));
          case 1 -> before;
          case 2 -> after;
          case 3 -> before + "\r\n:;<>@\"=-\u0000 ?*()&".charAt(random.nextInt(17)) + after;
          case 4 -> text.substring(0, line) + text.substring(end);
          case 5 ->
              text.substring(0, end)
                  + text.substring(line, end).repeat(random.nextInt(9))
                  + text.substring(end);
          case 6 ->
              text.substring(0, line) + one(MimeFragments.FIELDS) + "\n" + text.substring(line);
          case 7 ->
              text.substring(0, line) + one(MimeFragments.WORDS) + "\n" + text.substring(line);
          case 8 ->
              text.substring(0, line) + "Content-Type: " + type() + "\n" + text.substring(line);
          case 9 ->
              text.substring(0, line)
                  + "Content-Transfer-Encoding: "
                  + one(MimeFragments.ENCODINGS)
                  + "\n"
                  + text.substring(line);
          case 10 -> text.replace("charset=utf-8", "charset=" + one(MimeFragments.CHARSETS));
          case 11 -> text.replace("\n", random.nextBoolean() ? "\r" : "\r\n");
          case 12 -> before + slice(text) + after;
          case 13 -> before + many(text) + after;
          case 14 -> text.replace(slice(text), one(MimeFragments.WORDS));
          default -> "Content-Type: message/rfc822\n\n" + text;
        });
  }

  private String slice(String text) {
    int start = random.nextInt(text.length() + 1);
    return text.substring(start, Math.min(text.length(), start + 1 + random.nextInt(200)));
  }

  /** Now and then enough of one thing to meet what grows faster than the mail. */
  private String many(String text) {
    if (random.nextInt(12) > 0) {
      return one(MimeFragments.WORDS);
    }
    String unit =
        switch (random.nextInt(4)) {
          case 0 -> one(MimeFragments.WORDS) + (random.nextBoolean() ? "\n" : " ");
          case 1 -> one(MimeFragments.FIELDS) + "\n";
          case 2 -> slice(text);
          default -> slice(text).strip() + "\n";
        };
    return unit.isEmpty() ? "" : unit.repeat(1 + random.nextInt(BYTES_MAX / unit.length()));
  }

  private byte[] composed() {
    StringBuilder mail = new StringBuilder();
    part(mail, 0);
    return bytes(mail.toString());
  }

  private void part(StringBuilder mail, int depth) {
    String end = random.nextInt(5) == 0 ? "\r\n" : "\n";
    for (int i = random.nextInt(5); i > 0; i--) {
      mail.append(one(MimeFragments.FIELDS)).append(end);
    }
    String boundary = one(MimeFragments.BOUNDARIES);
    boolean multipart = depth < NEST_MAX && random.nextInt(3) > 0;
    mail.append("Content-Type: ").append(type());
    if (multipart) {
      mail.append("; boundary=\"").append(boundary).append('"');
    }
    mail.append(end);
    if (random.nextInt(4) == 0) {
      mail.append("Content-Transfer-Encoding: ").append(one(MimeFragments.ENCODINGS)).append(end);
    }
    mail.append(end);
    lines(mail, end);
    for (int i = multipart ? random.nextInt(4) : 0; i > 0; i--) {
      mail.append("--").append(boundary).append(end);
      part(mail, depth + 1);
    }
    if (multipart && random.nextBoolean()) {
      mail.append("--").append(boundary).append("--").append(end);
    }
  }

  private void lines(StringBuilder mail, String end) {
    for (int i = random.nextInt(8); i > 0; i--) {
      mail.append(random.nextInt(3) == 0 ? one(MimeFragments.FIELDS) : one(MimeFragments.WORDS))
          .append(end);
      mail.append(random.nextInt(4) == 0 ? end : "");
    }
  }

  private String type() {
    String type = one(MimeFragments.TYPES);
    return switch (random.nextInt(4)) {
      case 0 -> type + "; charset=" + one(MimeFragments.CHARSETS);
      case 1 -> type + "; boundary=" + one(MimeFragments.BOUNDARIES);
      case 2 ->
          type
              + "; name*"
              + random.nextInt()
              + "*=''a; charset=\""
              + one(MimeFragments.CHARSETS)
              + "\"";
      default -> type;
    };
  }

  private String one(String[] some) {
    return some[random.nextInt(some.length)];
  }

  private static String text(byte[] mail) {
    return new String(mail, ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
