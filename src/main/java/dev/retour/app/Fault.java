package dev.retour.app;

/** What is wrong with a file an operator edits, and where. */
record Fault(String file, int line, String text) {
  @Override
  public String toString() {
    return (file.startsWith("file:") ? file.substring("file:".length()) : file)
        + ":"
        + line
        + ": "
        + text;
  }
}
