package dev.retour.mail;

import dev.retour.mail.Phrases.Sign;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Reads a file of word lists: a sign in brackets, below it one phrase a line. */
final class PhraseFile {
  private PhraseFile() {}

  /** The meanings of each phrase, folded as texts are. */
  static Map<String, Set<Sign>> read(String resource) {
    Map<String, Set<Sign>> signs = new HashMap<>();
    try (InputStream in = PhraseFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "The word list " + resource + " is missing from this build; no notice can be read.");
      }
      parse(
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)),
          (sign, phrase) ->
              signs.computeIfAbsent(phrase, any -> EnumSet.noneOf(Sign.class)).add(sign));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return signs;
  }

  private static void parse(BufferedReader lines, BiConsumer<Sign, String> into)
      throws IOException {
    Sign section = Sign.FAILURE_SUBJECT;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("[")) {
        String name = line.substring(1, line.indexOf(']'));
        section = Sign.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        into.accept(section, Phrases.flat(line, line.length()));
      }
    }
  }
}
