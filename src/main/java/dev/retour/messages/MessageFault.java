package dev.retour.messages;

/**
 * One thing wrong in the files of a message.
 *
 * @param file the path below the folder of messages, with forward slashes
 * @param line counted from 1; 0 when the fault concerns the whole file
 * @param text one sentence for the person who edits the file
 */
public record MessageFault(String file, int line, String text) {
  @Override
  public String toString() {
    return file + ":" + line + ": " + text;
  }
}
