package dev.retour.delivery;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the ERP may be told. */
public enum Fact {
  /** A mail failed for good and waits for a person. */
  ERROR("mail.error"),
  /** Its validity, or the schedule of its attempts, ended before it was accepted. */
  EXPIRED("mail.expired"),
  /** It is not sent: the gate was closed, or a person did not want it. */
  CANCELLED("mail.cancelled"),
  /** Nobody knows whether it went out; it is held. */
  UNCERTAIN("mail.uncertain"),
  /** A returned mail says that it failed after it had been handed over. */
  BOUNCED("mail.bounced"),
  /** It was not accepted by its {@code tellAfter}; it goes on being tried. */
  LATE("mail.late"),
  /** The next server has it after all, although the ERP was told of trouble before. */
  RECOVERED("mail.recovered"),
  /** The next server has it. */
  SENT("mail.sent"),
  /** An accepted event ended without a mail, after it had been answered. */
  ENDED("event.ended"),
  /** A failure or a person barred the address; it gets no more mail. */
  QUARANTINED("address.quarantined"),
  /** Its owner complained or unsubscribed, or a person barred it: it gets no more mail. */
  DENYLISTED("address.denylisted"),
  /** A person wants it written to whatever fails. */
  ALLOWLISTED("address.allowlisted"),
  /** It is an address like any other again: out of quarantine, or off its list. */
  RELEASED("address.released"),
  /** It wants no more mails of a category; others go on. */
  UNSUBSCRIBED("address.unsubscribed"),
  /** A person took it off the list of a category. */
  SUBSCRIBED("address.subscribed");

  private final String type;

  Fact(String type) {
    this.type = type;
  }

  /** As in settings and in {@code callback.fact}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The event type of the callback, e.g. {@code mail.error}. */
  public String type() {
    return type;
  }

  /** The fact of this label. */
  public static Optional<Fact> of(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }
}
