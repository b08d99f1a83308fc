package dev.retour.qualification;

/**
 * One thing wrong in a rule file.
 *
 * @param file the file's name, or the folder when that is at fault
 * @param line counted from 1; 0 when the fault concerns the whole file
 * @param text one sentence for the person who edits the file
 */
public record RuleFault(String file, int line, String text) {
  @Override
  public String toString() {
    return file + ":" + line + ": " + text;
  }
}
