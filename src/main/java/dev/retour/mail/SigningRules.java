package dev.retour.mail;

/** Whether mails to a domain are signed; how, say the keys. */
public interface SigningRules {
  /** Every mail there is a key for. */
  SigningRules ALL = recipientDomain -> new Wish(true, true);

  /** What a domain wants. */
  record Wish(boolean dkim, boolean smime) {}

  Wish to(String recipientDomain);
}
