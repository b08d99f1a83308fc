package dev.retour.events;

import dev.retour.delivery.NewPackage;
import dev.retour.delivery.Queue;
import dev.retour.delivery.RedeliveryRequest;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.OnUncertain;
import dev.retour.mail.SigningException;
import dev.retour.messages.EventType;
import dev.retour.messages.MessageOrder;
import dev.retour.messages.MessagePreview;
import dev.retour.messages.MessagePreview.Sample;
import dev.retour.messages.MessagePreview.Wish;
import dev.retour.messages.MessageSetException;
import dev.retour.messages.MessagesModule;
import dev.retour.messages.RenderException;
import dev.retour.messages.RenderRequest;
import dev.retour.messages.RenderedMail;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Sends proofs: test profiles as real mails, from a version or from the folder, through the same
 * renderer, signature and queue as every mail (spec C6). A proof is no event: the ERP hears nothing
 * of it, and an address in quarantine gets it.
 */
public final class Proofs {
  /** Mails of one proof, at most (spec C6). */
  public static final int MAILS_MAX = 100;

  private static final Duration VALIDITY = Duration.ofDays(1);
  private static final int PRIORITY = 3;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final MailSigner signer;
  private final String messageIdDomain;
  private final MessagesModule messages;

  Proofs(EventsModule.Needs needs, MessagesModule messages) {
    this.jdbi = needs.jdbi();
    this.clock = needs.clock();
    this.queue = needs.queue();
    this.signer = needs.signer();
    this.messageIdDomain = needs.messageIdDomain();
    this.messages = messages;
  }

  /**
   * What is asked for.
   *
   * @param version null: what the folder holds
   * @param profiles names of test profiles; none: all there are
   * @param to addresses; none: each profile goes to its own
   */
  public record Wanted(
      MessageOrder order, @Nullable Integer version, List<String> profiles, List<String> to) {
    /** Copies the lists. */
    public Wanted {
      profiles = List.copyOf(profiles);
      to = List.copyOf(to);
    }
  }

  /** A mail of a proof. */
  public record Queued(long packageId, String recipient, String profile) {}

  /**
   * A proof that is queued.
   *
   * @param number counted for each message
   */
  public record Sent(int number, List<Queued> mails) {}

  private record Proof(String profile, Sample sample, EmailAddress to) {}

  /**
   * Renders and queues all of it, or nothing.
   *
   * @throws IllegalArgumentException with one sentence when an address or a profile is not one, or
   *     there are too many
   * @throws MessageSetException when the message cannot be compiled
   * @throws RenderException when a template cannot be filled with a profile
   * @throws SigningException when it is to be signed and cannot be
   */
  public Sent send(Wanted wanted) throws SigningException {
    List<Proof> proofs = proofs(wanted);
    Instant now = clock.instant();
    return jdbi.inTransaction(
        handle -> {
          int number = messages.proofs().next(handle, wanted.order(), wanted.version());
          List<Queued> queued = new ArrayList<>();
          for (Proof proof : proofs) { // one in memory at a time: each may carry a document
            long id = queue.enqueue(handle, mail(proof, number, now));
            queued.add(new Queued(id, proof.to().text(), proof.profile()));
          }
          return new Sent(number, List.copyOf(queued));
        });
  }

  private List<Proof> proofs(Wanted wanted) {
    MessagePreview preview = messages.preview();
    String id = wanted.order().id();
    List<String> profiles =
        wanted.profiles().isEmpty()
            ? preview.profiles(new Wish(id, wanted.version(), ""))
            : wanted.profiles();
    if (profiles.isEmpty()) {
      throw new IllegalArgumentException("The message has no test profile; nothing is sent.");
    }
    int each = Math.max(1, wanted.to().size());
    if ((long) profiles.size() * each > MAILS_MAX) {
      throw new IllegalArgumentException(
          "A proof has at most "
              + MAILS_MAX
              + " mails; these would be "
              + (long) profiles.size() * each
              + ". Nothing is sent.");
    }
    List<Proof> proofs = new ArrayList<>();
    for (String profile : profiles) {
      Sample sample = preview.sample(new Wish(id, wanted.version(), profile));
      for (String to : wanted.to().isEmpty() ? List.of(sample.event().email()) : wanted.to()) {
        proofs.add(new Proof(profile, sample, address(to)));
      }
    }
    return proofs;
  }

  private static EmailAddress address(String text) {
    return EmailAddress.parse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("One of the addresses is none; nothing is sent."));
  }

  private NewPackage mail(Proof proof, int number, Instant now) throws SigningException {
    EventType type = proof.sample().type();
    String messageId = "<proof." + UUID.randomUUID() + "@" + messageIdDomain + ">";
    RenderedMail mail =
        type.render(
            new RenderRequest(
                proof.to().text(),
                List.of(),
                proof.sample().event().ctx(),
                proof.sample().event().document(),
                proof.sample().event().attachments(),
                messageId,
                now,
                "Proof " + number + ": "));
    return new NewPackage(
        null,
        type.id(),
        null,
        proof.to(),
        PRIORITY,
        OnUncertain.RESEND,
        now.plus(VALIDITY),
        messageId,
        mail.subject(),
        signer.sign(mail.raw(), EventMail.sender(type), Set.of(proof.to().domain()), now),
        new NewPackage.Terms(
            "proof", List.of(), null, null, RedeliveryRequest.NONE, type.category().orElse(null)));
  }
}
