package dev.retour.qualification;

import org.jspecify.annotations.Nullable;

/**
 * Everything known about one failure of one recipient, before it is judged.
 *
 * @param source SMTP answer or bounce
 * @param text what the other side said, in its own words; any length, only the beginning is read
 * @param status enhanced status code (RFC 3463) as {@code 5.1.1}; null when none was given. One
 *     found in the text is used when this is missing or says nothing ({@code 5.0.0})
 * @param replyCode SMTP reply code (RFC 5321), 400 to 599; null when none was given, then one found
 *     in the text is used
 * @param remoteHost the MX that refused, lower or upper case; null when unknown
 * @param reportingMta the server that wrote the bounce; null when unknown
 * @param phase the step of the session that failed
 */
public record Diagnostic(
    Source source,
    String text,
    @Nullable String status,
    @Nullable Integer replyCode,
    @Nullable String remoteHost,
    @Nullable String reportingMta,
    Phase phase) {

  /** An answer in our own SMTP session: {@code text} is the whole answer, with its code. */
  public static Diagnostic smtpReply(
      int replyCode, String text, Phase phase, @Nullable String remoteHost) {
    return new Diagnostic(
        Source.SMTP_REPLY, text, null, replyCode == 0 ? null : replyCode, remoteHost, null, phase);
  }

  /** What a bounce says about one recipient. */
  public static Diagnostic bounce(
      String text, @Nullable String status, @Nullable String remoteHost, @Nullable String mta) {
    return new Diagnostic(Source.BOUNCE, text, status, null, remoteHost, mta, Phase.REPORT);
  }
}
