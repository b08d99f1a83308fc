package dev.retour.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ahocorasick.trie.Emit;
import org.ahocorasick.trie.Trie;

/** The word lists of {@code phrases.txt}: which meanings a text carries, found in one pass. */
final class Phrases {
  /** What a phrase hints at. */
  enum Sign {
    FAILURE_SUBJECT,
    FAILURE_TEXT,
    DELAY,
    STILL_FINAL,
    ABSENCE_SUBJECT,
    ABSENCE_TEXT,
    CHALLENGE,
    COMPLAINT_SUBJECT,
    COMPLAINT_TEXT,
    OPT_OUT,
    RETURNED
  }

  private static final Phrases SHIPPED = load("phrases.txt");

  private final Trie trie;
  private final Map<String, Set<Sign>> signs;

  private Phrases(Map<String, Set<Sign>> signs) {
    this.signs = signs;
    this.trie = Trie.builder().addKeywords(signs.keySet()).build();
  }

  static Phrases shipped() {
    return SHIPPED;
  }

  /** The meanings found, each with the first phrase that carries it. */
  Map<Sign, String> in(String flat) {
    Map<Sign, String> found = new EnumMap<>(Sign.class);
    for (Emit emit : trie.parseText(flat)) {
      for (Sign sign : signs.getOrDefault(emit.getKeyword(), Set.of())) {
        found.putIfAbsent(sign, emit.getKeyword());
      }
    }
    return found;
  }

  /** Lower case, runs of white space as one blank, typographic apostrophes as plain ones. */
  static String flat(String text, int max) {
    StringBuilder flat = new StringBuilder(Math.min(text.length(), max));
    boolean blank = true;
    for (int i = 0; i < text.length() && flat.length() < max; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '\u00a0') {
        if (!blank) {
          flat.append(' ');
        }
        blank = true;
      } else {
        flat.append(c == '\u2019' ? '\'' : c < 128 && c > 'Z' ? c : Character.toLowerCase(c));
        blank = false;
      }
    }
    return flat.toString();
  }

  private static Phrases load(String resource) {
    Map<String, Set<Sign>> signs = new HashMap<>();
    List<Sign> section = new ArrayList<>();
    try (InputStream in = Phrases.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "The word list " + resource + " is missing from this build; no notice can be read.");
      }
      new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .forEach(line -> take(line, section, signs));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Phrases(signs);
  }

  private static void take(String line, List<Sign> section, Map<String, Set<Sign>> signs) {
    if (line.startsWith("[")) {
      String name = line.substring(1, line.indexOf(']')).replace('-', '_').toUpperCase(Locale.ROOT);
      section.clear();
      section.add(Sign.valueOf(name));
    } else if (!line.isBlank() && !line.startsWith("#")) {
      String phrase = flat(line, line.length());
      signs.computeIfAbsent(phrase, any -> EnumSet.noneOf(Sign.class)).add(section.get(0));
    }
  }
}
