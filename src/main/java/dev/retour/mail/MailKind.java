package dev.retour.mail;

/** What an incoming mail is. */
public enum MailKind {
  /** At least one recipient was given up. */
  BOUNCE("bounce"),
  /** Delivery is late and still being tried; never a failure. */
  DELAYED("delayed"),
  /** A recipient or a mailbox provider complains, or somebody wants no more mail (RFC 5965). */
  COMPLAINT("complaint"),
  /** An absence notice, a confirmation of receipt or a question back, written by a program. */
  AUTO_REPLY("auto-reply"),
  /** Anything else, success reports and aggregate reports included. */
  OTHER("other");

  private final String label;

  MailKind(String label) {
    this.label = label;
  }

  /** The word used in tables, files and on the console. */
  public String label() {
    return label;
  }

  @Override
  public String toString() {
    return label;
  }
}
