package dev.retour.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.retour.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mails made to exhaust or confuse the reader. The bound is far above what a read takes. */
class HostileMailTest {
  private static final Duration BOUND = Duration.ofSeconds(5);

  private final ReportReader reader = new ReportReader(MailConfig.from(Settings.of(Map.of())));

  static Stream<String> hostile() {
    String report = "Content-Type: multipart/report; boundary=b\n\n--b\n";
    String status = report + "Content-Type: message/delivery-status\n\n";
    return Stream.of(
        "Content-Type: multipart/mixed; boundary=\"\"\n\n" + "--\n".repeat(50_000),
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\n".repeat(100_000),
        nested(5_000),
        "Content-Type: message/rfc822\n\n".repeat(20_000),
        "X: " + "a".repeat(1_800_000) + "\n\n",
        "Subject: " + "=?".repeat(400_000),
        "Subject: " + "=?utf-8?B?YQ==?= ".repeat(50_000) + "\n\n",
        "To: " + "a@b.example, ".repeat(100_000) + "\n\n",
        "To: " + "@".repeat(500_000) + "\n\n",
        "To: " + "\"".repeat(500_000) + "@b.example\n\n",
        "X-A: 1\n".repeat(200_000),
        "From: <>\n\n" + "a".repeat(1_800_000),
        "From: <>\n\n" + "<a@b.example>: user unknown ".repeat(60_000),
        "From: <>\n\n" + "a@b.example\n".repeat(100_000),
        "From: <>\n\n" + "could not be delivered ".repeat(60_000),
        "From: <>\n\n" + "Received:\n".repeat(150_000),
        "From: <>\nContent-Type: text/html\n\n" + "<div>".repeat(200_000),
        "From: <>\nContent-Type: text/html\n\n" + "&".repeat(900_000),
        status + "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n".repeat(20_000),
        status + "Diagnostic-Code: smtp; " + "5.".repeat(500_000),
        status + "Final-Recipient: " + ";".repeat(900_000),
        "From: <>\n\n" + "{\"a\":".repeat(100_000),
        "From: <>\n\n{\"Message\":\"" + "\\\"".repeat(400_000),
        "Content-Type: text/plain; charset=\"" + "x".repeat(100_000) + "\"\n\nx",
        "Content-Type: " + "multipart/".repeat(50_000) + "\n\nx",
        "Content-Transfer-Encoding: base64\n\n" + "=".repeat(900_000),
        "Content-Transfer-Encoding: quoted-printable\n\n" + "=".repeat(900_000));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void a_hostile_mail_is_read_within_the_bound(String mail) {
    byte[] raw = mail.getBytes(ISO_8859_1);
    MailReport report = assertTimeoutPreemptively(BOUND, () -> reader.read(raw));
    assertThat(report.recipients()).hasSizeLessThanOrEqualTo(500);
    assertThat(report.deliveredTo()).hasSizeLessThanOrEqualTo(500);
    assertThat(report.subject()).hasSizeLessThanOrEqualTo(1_000);
    assertThat(report.notice()).hasSizeLessThanOrEqualTo(200_000);
  }

  @Test
  void damaged_golden_mails_never_defeat_the_reader() throws IOException {
    Random random = new Random(20260303);
    List<byte[]> mails = golden();
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          for (int round = 0; round < 4_000; round++) {
            byte[] damaged = damage(mails, random);
            MailReport report = reader.read(damaged);
            assertThat(String.valueOf(report.fault()))
                .as(() -> new String(damaged, ISO_8859_1))
                .doesNotContain("defeated");
          }
        });
  }

  private static byte[] damage(List<byte[]> mails, Random random) {
    byte[] mail = mails.get(random.nextInt(mails.size())).clone();
    byte[] other = mails.get(random.nextInt(mails.size()));
    for (int times = 1 + random.nextInt(6); times > 0 && mail.length > 4; times--) {
      int at = random.nextInt(mail.length - 1);
      switch (random.nextInt(5)) {
        case 0 -> mail[at] = (byte) random.nextInt(256);
        case 1 -> mail = java.util.Arrays.copyOf(mail, at + 1);
        case 2 -> mail[at] = (byte) "\r\n:;<>@\"=-\u0000 ".charAt(random.nextInt(12));
        case 3 -> {
          int length = Math.min(random.nextInt(200), Math.min(mail.length - at, other.length));
          System.arraycopy(other, 0, mail, at, length);
        }
        default -> {
          int length = Math.min(random.nextInt(80), mail.length - at - 1);
          System.arraycopy(mail, at, mail, random.nextInt(mail.length - length), length);
        }
      }
    }
    return mail;
  }

  private static List<byte[]> golden() throws IOException {
    List<byte[]> mails = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/resources/mails"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".eml")).sorted().toList()) {
        mails.add(Files.readAllBytes(file));
      }
    }
    return mails;
  }

  private static String nested(int depth) {
    StringBuilder mail = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      mail.append("Content-Type: multipart/mixed; boundary=b")
          .append(i)
          .append("\n\n--b")
          .append(i);
      mail.append('\n');
    }
    return mail.append("\n\nend").toString();
  }
}
