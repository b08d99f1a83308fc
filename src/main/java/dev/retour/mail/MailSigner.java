package dev.retour.mail;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs a mail once, before it is stored: every attempt then sends the same bytes. S/MIME first,
 * which changes the body; DKIM over the result. A mail that must be signed and cannot be is not
 * sent. Thread-safe; the signature is most of the cost of a mail, so sign in parallel, and outside
 * of transactions.
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

  /** Whether the settings name any. */
  public boolean hasKeys() {
    return keys.dkim() != null || keys.smime() != null;
  }

  /** What went wrong last, until a mail is signed again. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }

  /**
   * The mail as it is to be stored and sent.
   *
   * @param raw as rendered: 7 bits or UTF-8, lines ended by CRLF
   * @param from the address of its From field
   * @param recipientDomains of everybody who gets these bytes: signed is what any of them wants
   * @throws SigningException with a sentence for the operator: the mail is not to be sent
   */
  public byte[] sign(
      byte[] raw, EmailAddress from, Collection<String> recipientDomains, Instant now)
      throws SigningException {
    try {
      byte[] signed = bySmime(raw, from, recipientDomains, now);
      for (DkimKey key : dkim(from, recipientDomains, now)) {
        signed = DkimSignature.sign(signed, key);
      }
      fault = null;
      return signed;
    } catch (SigningException e) {
      Fault known = fault;
      fault = new Fault(String.valueOf(e.getMessage()), known == null ? now : known.since());
      throw e;
    }
  }

  /**
   * Signs a mail whose header was changed after it had been signed: DKIM signatures in it are
   * replaced, an S/MIME signature still holds, because it covers the body alone.
   *
   * @throws SigningException also when it would lose its signature without anybody having said so
   */
  public byte[] signAgain(byte[] changed, Collection<String> recipientDomains, Instant now)
      throws SigningException {
    SignedHeader header = SignedHeader.of(changed);
    Optional<EmailAddress> from = header.from();
    if (from.isEmpty()) {
      if (header.hasDkim()) {
        throw new SigningException("The mail has no readable From field to sign for.", null);
      }
      return changed;
    }
    byte[] signed = sign(header.withoutDkim(), from.get(), recipientDomains, now);
    if (header.hasDkim()
        && !SignedHeader.of(signed).hasDkim()
        && !isUnwanted(from.get(), recipientDomains)) {
      throw new SigningException(
          "The mail was signed by DKIM, and no key for "
              + from.get().domain()
              + " is set any more: changed, it would go out unsigned (dkim.keys).",
          null);
    }
    return signed;
  }

  /** Whether somebody has said that such mails are not signed by DKIM. */
  private boolean isUnwanted(EmailAddress from, Collection<String> recipientDomains) {
    return config.dkimExcept().contains(from.domain())
        || recipientDomains.stream()
            .map(domain -> rules.to(domain).dkim())
            .allMatch(own -> own != null && own.isEmpty());
  }

  private byte[] bySmime(
      byte[] raw, EmailAddress from, Collection<String> recipientDomains, Instant now)
      throws SigningException {
    for (String domain : recipientDomains) {
      Optional<SmimeCertificate> certificate = smime(rules.to(domain).smime(), from, domain);
      if (certificate.isPresent()) {
        return SignedHeader.isSmime(raw) ? raw : certificate.get().sign(raw, now);
      }
    }
    return raw;
  }

  private Optional<SmimeCertificate> smime(
      @Nullable List<SmimeCertificate> own, EmailAddress from, String domain)
      throws SigningException {
    SmimeKeys set = keys.smime();
    if (own == null) {
      return set == null ? Optional.empty() : set.signing(from);
    }
    Optional<SmimeCertificate> fitting = own.stream().filter(each -> each.fits(from)).findFirst();
    if (fitting.isEmpty() && !own.isEmpty()) {
      throw new SigningException(
          "The rule for "
              + domain
              + " wants S/MIME, and none of its certificates is for "
              + from.text()
              + ": the mail is not sent.",
          null);
    }
    return fitting;
  }

  /** Those that sign, each once, the last one in front. */
  private List<DkimKey> dkim(EmailAddress from, Collection<String> recipientDomains, Instant now)
      throws SigningException {
    List<DkimKey> signing = new ArrayList<>();
    for (String domain : recipientDomains) {
      DkimKeys own = rules.to(domain).dkim();
      boolean asSet = own == null || !(own.isEmpty() || own.coversFrom(from.domain()));
      List<DkimKey> wanted =
          asSet ? asSet(from, own, domain, now) : active(own, from.domain(), now);
      wanted.stream().filter(each -> !signing.contains(each)).forEach(signing::add);
    }
    return signing;
  }

  /** By the keys of the settings, also when those of the rule are for other senders. */
  private List<DkimKey> asSet(EmailAddress from, @Nullable DkimKeys own, String domain, Instant now)
      throws SigningException {
    DkimKeys set = keys.dkim();
    if (set != null && !config.dkimExcept().contains(from.domain())) {
      return active(set, from.domain(), now);
    }
    if (own != null && set == null) {
      throw new SigningException(
          "The rule for "
              + domain
              + " wants DKIM, and its keys are for other From domains than "
              + from.domain()
              + ": no receiver would count their signature, so the mail is not sent.",
          null);
    }
    return List.of();
  }

  private static List<DkimKey> active(@Nullable DkimKeys set, String from, Instant now)
      throws SigningException {
    if (set == null || set.isEmpty()) {
      return List.of();
    }
    List<DkimKey> active = set.signing(from, now);
    if (active.isEmpty()) {
      throw new SigningException(
          "No DKIM key of "
              + from
              + " is active: its mails are not sent. Add a key to dkim.keys, or the domain to"
              + " dkim.except.",
          null);
    }
    return active;
  }

  private static Keys load(SigningConfig config) throws SigningException {
    return new Keys(
        config.dkimKeys().isEmpty() ? null : DkimKeys.load(config.dkimKeys().get()),
        config.smimeKeys().isEmpty()
            ? null
            : SmimeKeys.load(config.smimeKeys().get(), config.smimePassword()));
  }
}
