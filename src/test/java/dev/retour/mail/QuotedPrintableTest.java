package dev.retour.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decoded here must come out as mime4j decodes it. */
class QuotedPrintableTest {
  private static final String BYTES = "=\r\n \t=\r\n =\nAaFf09xz.\u00e9\u000b";

  @Test
  void any_body_is_decoded_as_by_mime4j_or_left_to_it() throws IOException {
    Random random = new Random(20261121);
    int decodedHere = 0;
    for (int round = 0; round < 200_000; round++) {
      StringBuilder body = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        body.append(BYTES.charAt(random.nextInt(BYTES.length())));
      }
      byte[] encoded = body.toString().getBytes(ISO_8859_1);
      byte[] decoded = QuotedPrintable.decode(encoded, encoded.length);
      if (decoded != null) {
        decodedHere++;
        assertThat(decoded).as(() -> "of \"" + body + "\"").isEqualTo(byMime4j(encoded));
      }
    }
    assertThat(decodedHere).isGreaterThan(50_000);
  }

  @Test
  void regular_text_is_decoded_here() {
    byte[] encoded = "Gr=C3=BC=\r\n=df  \nals o =20\r\n\r\nend \t".getBytes(ISO_8859_1);
    assertThat(QuotedPrintable.decode(encoded, encoded.length))
        .isEqualTo("Gr\u00c3\u00bc\u00df\r\nals o  \r\n\r\nend".getBytes(ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r", "a\rb", "=", "=4", "=4x", "= \r\n", "==41", "a\u000bb"})
  void offences_are_left_to_mime4j(String body) {
    byte[] encoded = body.getBytes(ISO_8859_1);
    assertThat(QuotedPrintable.decode(encoded, encoded.length)).isNull();
  }

  private static byte[] byMime4j(byte[] encoded) throws IOException {
    try (QuotedPrintableInputStream in =
        new QuotedPrintableInputStream(new ByteArrayInputStream(encoded), false)) {
      return in.readAllBytes();
    }
  }
}
