package dev.retour.sandbox;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One mail the sink took, without its content (see {@link SandboxWorld#raw}).
 *
 * @param id ascending, starting at 1
 * @param receivedAt when the last byte had arrived
 * @param envelopeFrom the address of MAIL FROM; empty for the null sender
 * @param envelopeTo the accepted recipients, in order
 * @param subject the decoded subject, bounded; null when there is none
 * @param bytes size of the mail as it came over SMTP
 */
public record CapturedMail(
    long id,
    Instant receivedAt,
    String envelopeFrom,
    List<String> envelopeTo,
    @Nullable String subject,
    long bytes) {

  public CapturedMail {
    envelopeTo = List.copyOf(envelopeTo);
  }
}
