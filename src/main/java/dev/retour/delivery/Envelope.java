package dev.retour.delivery;

import java.util.List;

/**
 * Where a mail goes and where its bounces go; never taken from its header fields, which are for
 * people.
 *
 * @param from envelope sender; empty: the null path
 * @param reference what delivery reports name the mail by (ENVID of RFC 3461); empty: nothing
 * @param relays tried one after the other until a session comes about; never empty
 */
record Envelope(
    String from, String recipient, String reference, List<Relay> relays, Purpose purpose) {
  /** Why a mail is sent. */
  enum Purpose {
    /** To arrive. */
    DELIVERY,
    /** To hear what the server says of the recipient: ends after RCPT. */
    SMTP_TEST,
    /** To be looked at by somebody else than its recipient. */
    REDIRECT
  }

  Envelope {
    relays = List.copyOf(relays);
  }
}
