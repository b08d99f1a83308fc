package dev.retour.bounces;

/**
 * The words without which no text names a step of the SMTP session, as {@link FailedStep} reads it:
 * one of them stands in each of its phrases, as a test makes sure, and before each copied command.
 */
final class StepWords {
  /** Before each command of the client that a report copies. */
  static final String SENT = ">>> ";

  private static final int SENT_LETTERS = '>' << 24 | '>' << 16 | '>' << 8 | ' ';
  private static final int RCPT_LETTERS = 'r' << 24 | 'c' << 16 | 'p' << 8 | 't';
  private static final int DATA_LETTERS = 'd' << 24 | 'a' << 16 | 't' << 8 | 'a';
  private static final int BODY_LETTERS = 'b' << 24 | 'o' << 16 | 'd' << 8 | 'y';
  private static final int LIKE_LETTERS = 'l' << 24 | 'i' << 16 | 'k' << 8 | 'e';
  private static final int I_SENT_LETTERS = 's' << 24 | 'e' << 16 | 'n' << 8 | 't';
  private static final int END_LETTERS = 'e' << 16 | 'n' << 8 | 'd';
  private static final int THREE = 0xffffff;

  /** Whether any of them may end so, by {@link #slot}. */
  private static final boolean[] ENDINGS = new boolean[1 << 10];

  static {
    for (int letters :
        new int[] {
          SENT_LETTERS,
          RCPT_LETTERS,
          DATA_LETTERS,
          BODY_LETTERS,
          LIKE_LETTERS,
          I_SENT_LETTERS,
          END_LETTERS
        }) {
      ENDINGS[slot(letters)] = true;
    }
  }

  private StepWords() {}

  private static int slot(int lastFour) {
    return ((lastFour & THREE) * 0x9e3779b1) >>> 22; // the upper 10 bits
  }

  /**
   * Whether a text has such a word. One look at each character: most reports hold none and are
   * long.
   */
  static boolean isAnyIn(String text) {
    int lastFour = 0;
    char[] letters = text.toCharArray();
    for (int i = 0; i < letters.length; i++) {
      lastFour = lastFour << 8 | letter(letters[i]);
      boolean found = // one look settles nearly all, where a switch would have to be searched
          ENDINGS[slot(lastFour)]
              && switch (lastFour) {
                case SENT_LETTERS -> text.startsWith(SENT, i - 3);
                case RCPT_LETTERS, DATA_LETTERS, BODY_LETTERS -> true;
                case LIKE_LETTERS -> goesOn(text, i + 1, 'r');
                case I_SENT_LETTERS -> goesOn(text, i + 1, 't');
                default -> (lastFour & THREE) == END_LETTERS && goesOn(text, i + 1, 'o');
              };
      if (found) {
        return true;
      }
    }
    return false;
  }

  /** Whether the next word begins with a letter. */
  private static boolean goesOn(String text, int from, char letter) {
    int at = from;
    while (at < text.length() && FailedStep.isWhite(text.charAt(at))) {
      at++;
    }
    return at > from && at < text.length() && letter(text.charAt(at)) == letter;
  }

  /** Lower case if it is a letter; anything else may become anything but a letter. */
  private static int letter(char c) {
    int folded = c < 128 ? c : Character.toLowerCase(c);
    return folded < 128 ? folded | ' ' : 0;
  }
}
