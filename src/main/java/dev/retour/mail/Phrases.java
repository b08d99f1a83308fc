package dev.retour.mail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The word lists of {@code phrases.txt}: which meanings a text carries, found in one pass.
 *
 * <p>Each phrase is filed under a hash of its first four characters. A text is folded and looked up
 * in one pass: the hash rolls along, and one bit of a small table settles almost every position.
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

  /** What each ASCII character is folded to. */
  private static final char[] ASCII = new char[128];

  static {
    for (char c = 0; c < ASCII.length; c++) {
      ASCII[c] = isWhite(c) ? ' ' : lower(c);
    }
  }

  private static final Map<String, Set<Sign>> WORDS = PhraseFile.read("phrases.txt");
  private static final Phrases SHIPPED = new Phrases(EnumSet.allOf(Sign.class));
  private static final Phrases RETURNED = new Phrases(EnumSet.of(Sign.RETURNED));
  private static final Phrases CHALLENGE = new Phrases(EnumSet.of(Sign.CHALLENGE));

  private final List<String> all = new ArrayList<>();
  private final Filed[][] longer = new Filed[SLOTS][];
  private final Filed[][] shorter = new Filed[SLOTS][];

  /** Whether {@link #longer} has anything at a slot: small enough to stay near the processor. */
  private final boolean[] longerFiled = new boolean[SLOTS];

  /** The same by the last four characters of the phrases. */
  private final boolean[] ending = new boolean[SLOTS];

  /** A phrase in its slot with what it hints at. */
  private static final class Filed {
    private final String phrase;
    private final char[] letters;
    private final Sign[] signs;

    Filed(String phrase, Set<Sign> signs) {
      this.phrase = phrase;
      this.letters = phrase.toCharArray();
      this.signs = signs.toArray(Sign[]::new);
    }

    boolean isAt(char[] text, int at, int size) {
      int end = at + letters.length;
      return end <= size
          && text[end - 1] == letters[letters.length - 1] // settles most of them
          && Arrays.equals(letters, 0, letters.length, text, at, end);
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
    all.add(phrase);
    boolean isLong = phrase.length() >= LONG;
    Filed[][] table = isLong ? longer : shorter;
    int rolled = 0;
    for (int i = 0; i < (isLong ? LONG : SHORT); i++) {
      rolled = roll(rolled, phrase.charAt(i));
    }
    int slot = slot(rolled);
    longerFiled[slot] |= isLong;
    if (isLong) {
      int last = 0;
      for (int i = phrase.length() - LONG; i < phrase.length(); i++) {
        last = roll(last, phrase.charAt(i));
      }
      ending[slot(last)] = true;
    }
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

  /** Holds the last four characters of a text; older ones are shifted out. */
  private static int roll(int rolled, char c) {
    return (rolled << 8) ^ c;
  }

  private static int slot(int rolled) {
    return (rolled * 0x9e3779b1) >>> 18; // the upper 14 bits
  }

  /**
   * The meanings found in a text, each with the first phrase that carries it.
   *
   * @param max how many characters of the {@link #flat} text are looked at
   */
  Map<Sign, String> in(String text, int max) {
    char[] flat = new char[Math.min(text.length(), max)];
    int size = flat(text, flat);
    int first = firstFiled(flat, size);
    return first < 0 ? Map.of() : in(flat, first, size);
  }

  /** Where the first phrase may be found, or negative: many texts have none of a short list. */
  private int firstFiled(char[] flat, int size) {
    int rolled = 0;
    for (int i = 0; i < size; i++) {
      rolled = roll(rolled, flat[i]);
      if (longerFiled[slot(rolled)] || flat[i] > 0x2fff) {
        return Math.max(0, i - LONG + 1);
      }
    }
    return -1;
  }

  private Map<Sign, String> in(char[] flat, int from, int size) {
    Map<Sign, String> found = new EnumMap<>(Sign.class);
    int rolled = 0;
    for (int i = from; i < size; i++) {
      char c = flat[i];
      rolled = roll(rolled, c);
      if (longerFiled[slot(rolled)] && i >= LONG - 1) {
        match(longer[slot(rolled)], flat, i - LONG + 1, size, found);
      }
      if (c > 0x2fff && i >= SHORT - 1) { // phrases that short are Chinese, Japanese or Korean
        match(shorter[slot(roll(roll(0, flat[i - 1]), c))], flat, i - SHORT + 1, size, found);
      }
    }
    return found;
  }

  /**
   * Whether a stretch of a line begins with a phrase, or ends with one that has little before it.
   *
   * @param leadMax how many characters may stand before a phrase at the end
   */
  boolean frames(String line, int from, int to, int leadMax) {
    if (to - from < LONG) {
      return false;
    }
    boolean first = isFiled(longerFiled, line, from);
    boolean last = isFiled(ending, line, to - LONG);
    if (!first && !last) {
      return false; // settles most lines without folding them
    }
    String bare = flat(line.substring(from, to), to - from);
    for (String phrase : all) {
      if ((first && bare.startsWith(phrase))
          || (last && bare.endsWith(phrase) && bare.length() - phrase.length() < leadMax)) {
        return true;
      }
    }
    return false;
  }

  /** Whether phrases are filed under four characters of a line, or that cannot be told so. */
  private static boolean isFiled(boolean[] filed, String line, int at) {
    int rolled = 0;
    boolean white = false;
    for (int i = at; i < at + LONG; i++) {
      char c = line.charAt(i);
      if (isWhite(c)) {
        if (white) {
          return true; // folded to one blank
        }
        c = ' ';
      }
      white = c == ' ';
      rolled = roll(rolled, lower(c));
    }
    return filed[slot(rolled)];
  }

  private static void match(Filed[] slot, char[] text, int at, int size, Map<Sign, String> found) {
    for (Filed filed : slot) {
      if (filed.isAt(text, at, size)) {
        for (Sign sign : filed.signs) {
          found.putIfAbsent(sign, filed.phrase);
        }
      }
    }
  }

  /** Lower case, runs of white space as one blank, typographic apostrophes as plain ones. */
  static String flat(String text, int max) {
    char[] flat = new char[Math.min(text.length(), max)];
    return new String(flat, 0, flat(text, flat));
  }

  private static int flat(String text, char[] flat) {
    int size = 0;
    boolean blank = true;
    for (int i = 0; i < text.length() && size < flat.length; i++) {
      char c = text.charAt(i);
      char folded = c < ASCII.length ? ASCII[c] : isWhite(c) ? ' ' : lower(c);
      boolean white = folded == ' ';
      flat[size] = folded;
      if (!white || !blank) { // mostly so: what is hard to foretell takes longest
        size++;
      }
      blank = white;
    }
    return size;
  }

  private static boolean isWhite(char c) {
    return c <= ' ' || c == '\u00a0';
  }

  private static char lower(char c) {
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
    return c == '\u2019' ? '\'' : c > 0x2fff ? c : Character.toLowerCase(c);
  }
}
