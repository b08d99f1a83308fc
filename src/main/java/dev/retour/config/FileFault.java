package dev.retour.config;

/**
 * One thing wrong in a file the operator edits.
 *
 * @param file as the person who edits it knows it: its name or path, or the folder when that is at
 *     fault
 * @param line counted from 1; 0 when the fault concerns the whole file
 * @param text one sentence for the person who edits the file
 */
public record FileFault(String file, int line, String text) {
  @Override
  public String toString() {
    return file + ":" + line + ": " + text;
  }
}
