package dev.retour.domains;

import dev.retour.config.Secret;

/** The way mail for a domain takes, as its rule says. */
public sealed interface Via {
  /** Over the relay of the settings ({@code smtp.host}). */
  record Smarthost() implements Via {
    @Override
    public String toString() {
      return "the relay of the settings";
    }
  }

  /** To the domain's own mail exchangers. */
  record Direct() implements Via {
    @Override
    public String toString() {
      return "direct, to the domain's own servers";
    }
  }

  /**
   * Over a relay of its own.
   *
   * @param user for SMTP AUTH; empty: none
   * @param password as read when the rules were loaded
   */
  record Relay(String host, int port, TlsMode tls, String user, Secret password) implements Via {
    /** Without the password: this is shown and logged. */
    @Override
    public String toString() {
      return host + ":" + port + ", TLS " + tls.label() + (user.isEmpty() ? "" : ", user " + user);
    }
  }
}
