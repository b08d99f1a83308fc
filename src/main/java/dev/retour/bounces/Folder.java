package dev.retour.bounces;

/** Where a mail is moved to; the names are the folders'. */
public enum Folder {
  /** Understood; what it meant was done. */
  PROCESSED("Processed"),
  /** A bounce whose meaning no rule knows: a person or a new rule is needed. */
  UNQUALIFIED("Unqualified"),
  /** No bounce at all. */
  OTHER("Other");

  private final String label;

  Folder(String label) {
    this.label = label;
  }

  /** The name of the folder. */
  public String label() {
    return label;
  }
}
