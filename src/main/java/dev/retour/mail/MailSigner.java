package dev.retour.mail;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.simplejavamail.utils.mail.smime.SmimeKey;

/**
 * Signs a mail once, before it is stored: every attempt then sends the same bytes. S/MIME first,
 * which changes the body; DKIM over the result. A mail that must be signed and cannot be is not
 * sent. Thread-safe; the signature is most of the cost of a mail, so sign in parallel.
 */
public final class MailSigner {
  private final SigningConfig config;
  private final SigningRules rules;
  private volatile Keys keys;
  private volatile @Nullable Fault fault;

  private record Keys(@Nullable DkimKeys dkim, @Nullable SmimeKeys smime) {}

  /** Why nothing is signed at the moment. */
  public record Fault(String text, Instant since) {}

  /**
   * Reads all keys.
   *
   * @throws SigningException for the first key that cannot be used
   */
  public MailSigner(SigningConfig config, SigningRules rules) throws SigningException {
    this.config = config;
    this.rules = rules;
    this.keys = load(config);
  }

  /** Signs nothing. */
  public static MailSigner none() {
    return new MailSigner();
  }

  private MailSigner() {
    this.config = new SigningConfig(Optional.empty(), Set.of(), Optional.empty(), "");
    this.rules = SigningRules.ALL;
    this.keys = new Keys(null, null);
  }

  /**
   * Reads the keys anew; if one cannot be used, the former ones stay.
   *
   * @throws SigningException for that one
   */
  public void reload() throws SigningException {
    keys = load(config);
  }

  /** What went wrong last, until a mail is signed again. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  /**
   * The mail as it is to be stored and sent.
   *
   * @param raw as rendered: 7 bits, lines ended by CRLF
   * @param from the address of its From field
   * @throws SigningException with a sentence for the operator: the mail is not to be sent
   */
  public byte[] sign(byte[] raw, EmailAddress from, String recipientDomain, Instant now)
      throws SigningException {
    if (!config.signs()) {
      return raw;
    }
    try {
      byte[] signed = signed(raw, from, rules.to(recipientDomain), now);
      fault = null;
      return signed;
    } catch (SigningException e) {
      Fault known = fault;
      fault = new Fault(String.valueOf(e.getMessage()), known == null ? now : known.since());
      throw e;
    }
  }

  private byte[] signed(byte[] raw, EmailAddress from, SigningRules.Wish wish, Instant now)
      throws SigningException {
    Keys current = keys;
    byte[] signed = raw;
    SmimeKeys smime = current.smime();
    if (smime != null && wish.smime()) {
      Optional<SmimeKey> key = smime.signing(from);
      signed = key.isEmpty() ? signed : SmimeKeys.sign(signed, key.get(), now);
    }
    DkimKeys dkim = current.dkim();
    if (dkim == null || !wish.dkim() || config.dkimExcept().contains(from.domain())) {
      return signed;
    }
    Optional<DkimKey> key = dkim.signing(from.domain(), now);
    if (key.isEmpty()) {
      throw new SigningException(
          "No DKIM key of "
              + from.domain()
              + " is active: its mails are not sent. Add a key to dkim.keys, or the domain to"
              + " dkim.except.",
          null);
    }
    return DkimSignature.sign(signed, key.get());
  }

  private static Keys load(SigningConfig config) throws SigningException {
    return new Keys(
        config.dkimKeys().isEmpty() ? null : DkimKeys.load(config.dkimKeys().get()),
        config.smimeKeys().isEmpty()
            ? null
            : SmimeKeys.load(config.smimeKeys().get(), config.smimePassword()));
  }
}
