package dev.retour.messages;

import freemarker.template.Template;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The texts of templates that are the same in every mail, encoded once. What follows a line end
 * begins in column 0 whatever stood before, so all but the first line of a text can be copied; a
 * text with a long first line is given a line of its own by a soft line break, and copied whole.
 */
final class FixedTexts {
  /** Below this, looking up costs more than encoding. */
  private static final int CHARS_MIN = 24;

  /** A soft line break costs three octets in every mail: only where it saves more work. */
  private static final int FIRST_LINE_MAX = 40;

  /** Replaced as a whole: read by all threads without a lock. */
  private volatile IdentityHashMap<char[], Encoded> texts = new IdentityHashMap<>();

  /**
   * A text without its first line.
   *
   * @param lineEnd how many characters the first line has, with its end; 0: the text is whole
   * @param column in which column the last line ends
   * @param blank the blank at its end that is not among the octets, or 0
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record Encoded(int lineEnd, byte[] octets, int column, char blank) {}

  /** The encoded form of this very array; null when there is none. */
  @Nullable Encoded find(char[] text) {
    return text.length < CHARS_MIN ? null : texts.get(text);
  }

  /** Encodes the fixed texts of a template. */
  synchronized void add(Template template) {
    IdentityHashMap<char[], Encoded> more = new IdentityHashMap<>(texts);
    Octets octets = new Octets();
    for (char[] text : SyntaxTree.texts(template)) {
      Encoded encoded = text.length < CHARS_MIN ? null : encode(text, octets);
      if (encoded != null) {
        more.put(text, encoded);
      }
    }
    texts = more;
  }

  private static @Nullable Encoded encode(char[] text, Octets octets) {
    char last = text[text.length - 1];
    if (Character.isSurrogate(last) || last == '\r' || Character.isLowSurrogate(text[0])) {
      return null; // it goes on in the next text, or in the one before
    }
    int lineEnd = 0;
    while (lineEnd < text.length && text[lineEnd] != '\n') {
      lineEnd++;
    }
    if (lineEnd > FIRST_LINE_MAX) {
      lineEnd = 0;
    } else if (++lineEnd >= text.length) {
      return null;
    }
    octets.clear();
    QuotedPrintableWriter encoder =
        new QuotedPrintableWriter(octets, OutputLimit.none(), new FixedTexts());
    encoder.encode(text, lineEnd, text.length);
    return new Encoded(lineEnd, octets.copy(), encoder.column(), encoder.blank());
  }
}
