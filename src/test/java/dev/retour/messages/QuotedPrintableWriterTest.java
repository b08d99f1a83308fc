package dev.retour.messages;

import static org.assertj.core.api.Assertions.assertThat;

import freemarker.template.SimpleScalar;
import freemarker.template.Template;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The encoding is read back by another program, however the text came in pieces. */
class QuotedPrintableWriterTest {
  private static final List<String> SIGNS =
      List.of(
          " ",
          " ",
          "\t",
          "=",
          ".",
          "F",
          "\r\n",
          "\n",
          "\r",
          "a",
          "b",
          "Z",
          "~",
          "ü",
          "€",
          "\u00a0",
          "😀",
          "\u0001",
          "-- ",
          "a word of its own",
          "0123456789012345678901234567890123456789");

  private static String random(Random random, int signs) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < signs; i++) {
      text.append(SIGNS.get(random.nextInt(SIGNS.size())));
    }
    return text.toString();
  }

  @Test
  void any_text_in_any_pieces_is_read_back_as_it_was() throws Exception {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      String text = random(random, random.nextInt(120));
      Octets octets = new Octets();
      QuotedPrintableWriter out =
          new QuotedPrintableWriter(octets, OutputLimit.none(), new FixedTexts());
      int from = 0;
      while (from < text.length()) {
        int to = Math.min(text.length(), from + 1 + random.nextInt(40));
        switch (random.nextInt(4)) {
          case 0 -> out.write(text.substring(from, to));
          case 1 -> out.write(text, from, to - from);
          case 2 -> out.write(text.toCharArray(), from, to - from);
          default -> text.substring(from, to).chars().forEach(c -> write(out, c));
        }
        from = to;
      }
      out.close();
      assertRight(text, octets, "seed " + seed);
    }
  }

  /** Fixed texts are encoded once, ahead of what stands before and after them. */
  @Test
  void fixed_texts_that_are_copied_are_read_back_as_they_were() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder source = new StringBuilder("[#if x??][/#if]");
      for (int i = 0; i < 6; i++) {
        source.append(random(random, random.nextInt(60)).replace("[", "")).append("[=x]");
      }
      TemplateEngine engine =
          new TemplateEngine(
              Map.of(),
              new EventDefinition.Shape(List.of(), List.of(), null),
              MessagesConfig.of(Path.of("messages")));
      Template template = engine.text("x", source.toString(), new ArrayList<>());
      engine.encodeFixed(template);
      var model = EventModel.hash(Map.of("x", new SimpleScalar(random(random, 3))));
      String text = engine.render(template, model, Locale.ENGLISH);
      Octets copied = new Octets();
      engine.render(template, model, Locale.ENGLISH, copied);
      assertRight(text, copied, "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'.', '=2E'",
    "'From x', '=46rom x'",
    "'a ', 'a=20'",
    "'a=b', 'a=3Db'",
    "'ä', '=C3=A4'",
  })
  void what_a_relay_could_change_is_encoded(String text, String encoded) {
    Octets octets = new Octets();
    QuotedPrintableWriter.write(text, octets);
    assertThat(new String(octets.copy(), StandardCharsets.US_ASCII)).isEqualTo(encoded + "\r\n");
  }

  @Test
  void half_a_character_becomes_a_question_mark() {
    Octets octets = new Octets();
    QuotedPrintableWriter.write("a\uD83Db\uDE00c\uD83D", octets);
    assertThat(new String(octets.copy(), StandardCharsets.US_ASCII)).isEqualTo("a?b?c?\r\n");
  }

  private static void write(QuotedPrintableWriter out, int c) {
    try {
      out.write(c);
    } catch (OutputLimit.LimitException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRight(String text, Octets octets, String as) throws Exception {
    String raw = new String(octets.copy(), StandardCharsets.US_ASCII);
    for (String line : raw.split("\r\n", -1)) {
      assertThat(line).as(as).hasSizeLessThanOrEqualTo(76);
      assertThat(line).as(as).doesNotStartWith(".").doesNotStartWith("F").doesNotEndWith(" ");
      assertThat(line).as(as).doesNotContain("\r").doesNotContain("\n");
    }
    String read =
        new String(
            MimeUtility.decode(new ByteArrayInputStream(octets.copy()), "quoted-printable")
                .readAllBytes(),
            StandardCharsets.UTF_8);
    String lines = text.replace("\r\n", "\n").replace('\r', '\n');
    String ended = lines.isEmpty() || lines.endsWith("\n") ? lines : lines + "\n";
    assertThat(read.replace("\r\n", "\n")).as(as).isEqualTo(ended);
  }
}
