package dev.retour.delivery;

/** How a session authenticates (RFC 4954). No form of it shows its secret. */
public sealed interface SmtpLogin {
  SmtpLogin NONE = new None();

  /** Not at all. */
  record None() implements SmtpLogin {}

  /**
   * PLAIN (RFC 4616) or LOGIN.
   *
   * @param inTheClear true: also without TLS
   */
  record Password(String user, Passwords passwords, boolean inTheClear) implements SmtpLogin {
    @Override
    public String toString() {
      return "password of " + user;
    }
  }

  /** XOAUTH2 with an access token. */
  record Token(String user, AccessTokens tokens) implements SmtpLogin {
    @Override
    public String toString() {
      return "access token of " + user;
    }
  }
}
