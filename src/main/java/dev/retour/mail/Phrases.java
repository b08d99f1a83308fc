package dev.retour.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The word lists of {@code phrases.txt}: which meanings a text carries, found in one pass.
 *
 * <p>Each phrase is filed under a hash of its first characters; a text is looked up position by
 * position, chosen to be faster on a page of text (not measured) than the general Aho-Corasick
 * automaton at hand, because almost every position is settled by one array access.
 */
final class Phrases {
  /** What a phrase hints at. */
  enum Sign {
    FAILURE_SUBJECT,
    FAILURE_TEXT,
    LIST_REFUSAL,
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

  private static final int SLOTS = 1 << 14;
  private static final int LONG = 4;
  private static final int SHORT = 2;
  private static final Filed[] NONE = {};
  private static final Map<String, Set<Sign>> WORDS = read("phrases.txt");
  private static final Phrases SHIPPED = new Phrases(EnumSet.allOf(Sign.class));
  private static final Phrases RETURNED = new Phrases(EnumSet.of(Sign.RETURNED));
  private static final Phrases CHALLENGE = new Phrases(EnumSet.of(Sign.CHALLENGE));

  private final Filed[][] longer = new Filed[SLOTS][];
  private final Filed[][] shorter = new Filed[SLOTS][];

  /** A phrase in its slot with what it hints at. */
  private static final class Filed {
    private final String phrase;
    private final Sign[] signs;

    Filed(String phrase, Set<Sign> signs) {
      this.phrase = phrase;
      this.signs = signs.toArray(Sign[]::new);
    }
  }

  private Phrases(Set<Sign> wanted) {
    Arrays.fill(longer, NONE);
    Arrays.fill(shorter, NONE);
    for (Map.Entry<String, Set<Sign>> entry : WORDS.entrySet()) {
      Set<Sign> signs = EnumSet.copyOf(entry.getValue());
      signs.retainAll(wanted);
      if (!signs.isEmpty()) {
        file(entry.getKey(), signs);
      }
    }
  }

  private void file(String phrase, Set<Sign> signs) {
    boolean isLong = phrase.length() >= LONG;
    Filed[][] table = isLong ? longer : shorter;
    int slot = slot(phrase, 0, isLong ? LONG : SHORT);
    Filed[] more = Arrays.copyOf(table[slot], table[slot].length + 1);
    more[more.length - 1] = new Filed(phrase, signs);
    table[slot] = more;
  }

  static Phrases shipped() {
    return SHIPPED;
  }

  /** Only the words above a returned mail: asked of every line, so the fewer the better. */
  static Phrases returned() {
    return RETURNED;
  }

  /** Only the questions back to a sender, asked of every report. */
  static Phrases challenge() {
    return CHALLENGE;
  }

  private static int slot(String text, int at, int length) {
    int hash = 0;
    for (int i = at; i < at + length; i++) {
      hash = hash * 31 + text.charAt(i);
    }
    return mix(hash);
  }

  private static int mix(int hash) {
    return (hash * 0x9e3779b1) >>> 18; // the upper 14 bits
  }

  /** The meanings found in a {@link #flat} text, each with the first phrase that carries it. */
  Map<Sign, String> in(String flat) {
    return startingWithin(flat, flat.length());
  }

  /** As {@link #in}, only phrases that start before the given position. */
  Map<Sign, String> startingWithin(String flat, int end) {
    Map<Sign, String> found = new EnumMap<>(Sign.class);
    char[] text = flat.toCharArray();
    for (int at = 0; at + SHORT <= text.length && at < end; at++) {
      if (at + LONG <= text.length) {
        Filed[] filed =
            longer[mix(((text[at] * 31 + text[at + 1]) * 31 + text[at + 2]) * 31 + text[at + 3])];
        if (filed.length > 0) {
          match(filed, flat, at, found);
        }
      }
      if (text[at] > 0x2fff) { // phrases that short are Chinese, Japanese or Korean
        match(shorter[mix(text[at] * 31 + text[at + 1])], flat, at, found);
      }
    }
    return found;
  }

  private static void match(Filed[] slot, String flat, int at, Map<Sign, String> found) {
    for (Filed filed : slot) {
      if (flat.startsWith(filed.phrase, at)) {
        for (Sign sign : filed.signs) {
          found.putIfAbsent(sign, filed.phrase);
        }
      }
    }
  }

  /** Lower case, runs of white space as one blank, typographic apostrophes as plain ones. */
  static String flat(String text, int max) {
    char[] flat = new char[Math.min(text.length(), max)];
    int size = 0;
    boolean blank = true;
    for (int i = 0; i < text.length() && size < flat.length; i++) {
      char c = text.charAt(i);
      boolean white = c <= ' ' || c == '\u00a0';
      if (!white) {
        flat[size++] = lower(c);
      } else if (!blank) {
        flat[size++] = ' ';
      }
      blank = white;
    }
    return new String(flat, 0, size);
  }

  private static char lower(char c) {
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
    return c == '\u2019' ? '\'' : c > 0x2fff ? c : Character.toLowerCase(c);
  }

  private static Map<String, Set<Sign>> read(String resource) {
    Map<String, Set<Sign>> signs = new HashMap<>();
    try (InputStream in = Phrases.class.getResourceAsStream(resource)) {
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
        into.accept(section, flat(line, line.length()));
      }
    }
  }
}
