package dev.retour.mail;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The details of a feedback report (RFC 5965).
 *
 * @param feedbackType {@code abuse}, {@code fraud}, {@code virus}, {@code not-spam}, {@code
 *     auth-failure} (RFC 6591), {@code opt-out}, {@code other}; lower case
 * @param originalMailFrom envelope sender of the mail complained about, or null
 * @param sourceIp the host that sent it, as written, or null
 * @param reportedDomains domains the report names
 * @param userAgent program that wrote the report, or null
 */
public record Complaint(
    String feedbackType,
    @Nullable String originalMailFrom,
    @Nullable String sourceIp,
    List<String> reportedDomains,
    @Nullable String userAgent) {

  public Complaint {
    reportedDomains = List.copyOf(reportedDomains);
  }

  /** Whether somebody wants no more mail, rather than accusing the sender. */
  public boolean isOptOut() {
    return feedbackType.startsWith("opt-out");
  }

  /** Whether a server reports failed authentication (DMARC, RFC 6591): nobody complained. */
  public boolean isAuthFailure() {
    return "auth-failure".equals(feedbackType) || "dmarc".equals(feedbackType);
  }

  /** Whether the recipient takes a complaint back. */
  public boolean isNotSpam() {
    return "not-spam".equals(feedbackType);
  }
}
