package dev.retour.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found in the octets of a mail, eight at a time, is what is there. */
class MailOctetsTest {
  private static final byte[] TELLING = {'\r', '\n', 0, '.', 13, 14, 127, (byte) 128, -1, 'a', ' '};

  @Test
  void every_octet_is_seen_wherever_it_stands() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 200_000; round++) {
      byte[] raw = new byte[random.nextInt(40)];
      for (int i = 0; i < raw.length; i++) {
        int kind = random.nextInt(8);
        if (kind == 0 && i + 1 < raw.length) {
          raw[i++] = '\r';
          raw[i] = '\n';
        } else {
          raw[i] = kind == 1 ? TELLING[random.nextInt(TELLING.length)] : (byte) 'x';
        }
      }
      assertThat(found(raw)).as(() -> java.util.Arrays.toString(raw)).isEqualTo(oneByOne(raw));
    }
  }

  private static String found(byte[] raw) {
    try {
      MailOctets octets = MailOctets.of(raw);
      return "8bit " + octets.isEightBit() + ", in header " + octets.hasEightBitHeader();
    } catch (SmtpException e) {
      return String.valueOf(e.getMessage()).replaceAll("^.*has |; nothing.*$", "");
    }
  }

  private static String oneByOne(byte[] raw) {
    String text = new String(raw, java.nio.charset.StandardCharsets.ISO_8859_1);
    for (int i = 0; i < raw.length; i++) {
      char c = text.charAt(i);
      if (c == '\r' && !text.startsWith("\r\n", i)) {
        return "a bare CR at byte " + i;
      }
      if (c == '\n' && (i == 0 || text.charAt(i - 1) != '\r')) {
        return "a bare LF at byte " + i;
      }
      if (c == 0) {
        return "a NUL at byte " + i;
      }
    }
    int body = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n");
    String header = body < 0 ? text : text.substring(0, body);
    return "8bit "
        + text.chars().anyMatch(c -> c > 127)
        + ", in header "
        + header.chars().anyMatch(c -> c > 127);
  }
}
