package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mail to be queued: one rendered message for one recipient.
 *
 * @param eventId the event it came from, if it is of one
 * @param message the message it was rendered from, {@code EVT…}
 * @param document the ERP's document reference, if it is about one
 * @param recipient the one envelope recipient
 * @param priority 1, 3, 5, 7 or 9; lower goes first
 * @param onUncertain what to do when the outcome of an attempt is unknown
 * @param expiresAt end of validity: not attempted after it
 * @param messageId RFC 5322 Message-ID with angle brackets, the same for every attempt
 * @param subject for people; decoded
 * @param raw the mail, RFC 5322 with CRLF line ends, never rendered again
 * @param terms who else gets it, who is told, and when it is tried again
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, not compared
public record NewPackage(
    @Nullable UUID eventId,
    String message,
    @Nullable String document,
    EmailAddress recipient,
    int priority,
    OnUncertain onUncertain,
    Instant expiresAt,
    String messageId,
    String subject,
    byte[] raw,
    Terms terms) {

  /**
   * Who else gets the mail, who is told about it, and when it is tried again.
   *
   * @param processor mail, digest or proof
   * @param copies further recipients of the same bytes; each becomes a package of its own
   * @param inCharge who is told of a failure; null: the fallback of the settings
   * @param tellAt when somebody is told that it is still not accepted; null: never
   * @param redelivery what its event asks for instead of what the policy says
   * @param category what its recipient can unsubscribe from; null: nothing
   */
  public record Terms(
      String processor,
      List<Copy> copies,
      @Nullable String inCharge,
      @Nullable Instant tellAt,
      RedeliveryRequest redelivery,
      @Nullable String category) {
    /** A mail to one recipient, without wishes. */
    public static final Terms PLAIN =
        new Terms("mail", List.of(), null, null, RedeliveryRequest.NONE);

    /** Copies the list. */
    public Terms {
      copies = List.copyOf(copies);
    }

    /** Of a mail nobody can unsubscribe from. */
    public Terms(
        String processor,
        List<Copy> copies,
        @Nullable String inCharge,
        @Nullable Instant tellAt,
        RedeliveryRequest redelivery) {
      this(processor, copies, inCharge, tellAt, redelivery, null);
    }
  }

  /** A further recipient. */
  public record Copy(EmailAddress recipient, Role role) {}

  /** All recipients, the first one first. */
  List<Copy> recipients() {
    return Stream.concat(Stream.of(new Copy(recipient, Role.TO)), terms.copies().stream()).toList();
  }

  /** A mail to one recipient, without wishes. */
  public NewPackage(
      @Nullable UUID eventId,
      String message,
      @Nullable String document,
      EmailAddress recipient,
      int priority,
      OnUncertain onUncertain,
      Instant expiresAt,
      String messageId,
      String subject,
      byte[] raw) {
    this(
        eventId,
        message,
        document,
        recipient,
        priority,
        onUncertain,
        expiresAt,
        messageId,
        subject,
        raw,
        Terms.PLAIN);
  }
}
