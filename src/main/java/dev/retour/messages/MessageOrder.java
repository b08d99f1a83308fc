package dev.retour.messages;

/**
 * Who wants a change of a message, and why.
 *
 * @param id of the message; any text
 * @param by who, for the history
 * @param because why; may be empty, at most {@value #CHARS_MAX} characters are kept
 */
public record MessageOrder(String id, String by, String because) {
  private static final int CHARS_MAX = 1_000;

  public MessageOrder {
    because = because.strip();
    if (because.length() > CHARS_MAX) {
      because = because.substring(0, CHARS_MAX);
    }
  }
}
