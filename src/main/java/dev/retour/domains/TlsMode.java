package dev.retour.domains;

import java.util.Locale;

/** Protection of a connection, as rules write it. */
public enum TlsMode {
  /** Never. */
  DISABLED,
  /** STARTTLS when offered, without verifying the certificate (RFC 7435). */
  OPPORTUNISTIC,
  /** STARTTLS or nothing, the certificate verified. */
  REQUIRED,
  /** TLS from the first byte (port 465), the certificate verified; only for a relay. */
  IMPLICIT;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
