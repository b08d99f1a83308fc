package dev.retour.mail;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How mails to a domain are signed. */
public interface SigningRules {
  /** Every mail there is a key for. */
  SigningRules ALL = recipientDomain -> Wish.AS_SET;

  /**
   * What a domain wants.
   *
   * @param dkim null: by the keys of the settings; empty: not at all; else by that of these keys
   *     that fits the From field
   * @param smime null: by the keys of the settings; empty: not at all; else by that of these
   *     certificates that fits the From field
   */
  record Wish(@Nullable DkimKeys dkim, @Nullable List<SmimeCertificate> smime) {
    /** As the settings say. */
    public static final Wish AS_SET = new Wish(null, null);

    /** Not at all. */
    public static final Wish NONE = new Wish(DkimKeys.NONE, List.of());
  }

  Wish to(String recipientDomain);
}
