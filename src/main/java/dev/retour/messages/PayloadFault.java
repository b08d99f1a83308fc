package dev.retour.messages;

/**
 * One thing wrong in the body of a request.
 *
 * @param pointer where, as JSON pointer (RFC 6901); empty for the whole body
 * @param expected what would be right, for instance "a text of at most 30 characters"
 * @param found what is there instead; long values are cut
 */
public record PayloadFault(String pointer, String expected, String found)
    implements Comparable<PayloadFault> {
  private static final int FOUND_CHARS_MAX = 80;

  public PayloadFault {
    if (found.length() > FOUND_CHARS_MAX) {
      int end = found.offsetByCodePoints(0, found.codePointCount(0, FOUND_CHARS_MAX));
      found = found.substring(0, end) + "…";
    }
  }

  @Override
  public int compareTo(PayloadFault other) {
    return pointer.compareTo(other.pointer);
  }

  @Override
  public String toString() {
    return pointer + ": expected " + expected + ", found " + found;
  }
}
