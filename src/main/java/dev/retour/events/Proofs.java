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
import java.util.Optional;
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

  /** Of one proof, when others send proofs of the same message at the same time. */
  private static final int TRIES = 4;

  /** Of all proofs that are made at a time; a small part of what the JVM has. */
  private static final long BYTES_MAX = 32_000_000;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final MailSigner signer;
  private final String messageIdDomain;
  private final MessagesModule messages;
  private final ProofBytes bytes;

  Proofs(EventsModule.Needs needs, MessagesModule messages) {
    this(needs, messages, BYTES_MAX);
  }

  Proofs(EventsModule.Needs needs, MessagesModule messages, long bytesMax) {
    this.jdbi = needs.jdbi();
    this.clock = needs.clock();
    this.queue = needs.queue();
    this.signer = needs.signer();
    this.messageIdDomain = needs.messageIdDomain();
    this.messages = messages;
    this.bytes = new ProofBytes(bytesMax);
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

  /** Mails that say in their subject which proof they are of. */
  private record Numbered(int number, List<NewPackage> mails) {}

  /**
   * Renders and queues all of it, or nothing. Rendering takes its time and holds neither connection
   * nor lock: the number is looked up before, and taken with the mails in one short transaction.
   * Who comes first has it; the other one renders again.
   *
   * @throws IllegalArgumentException with one sentence when an address or a profile is not one,
   *     there are too many or too large ones, or others send proofs of the message all the time
   * @throws MessageSetException when the message cannot be compiled
   * @throws RenderException when a template cannot be filled with a profile
   * @throws SigningException when it is to be signed and cannot be
   */
  public Sent send(Wanted wanted) throws SigningException {
    try (ProofBytes.Held profiles = bytes.hold()) {
      List<Proof> proofs = proofs(wanted, profiles);
      for (int i = 0; i < TRIES; i++) {
        try (ProofBytes.Held held = bytes.hold()) {
          Optional<Sent> sent = queue(wanted, proofs, mails(proofs, next(wanted), held));
          if (sent.isPresent()) {
            return sent.get();
          }
        }
      }
    }
    throw new IllegalArgumentException(
        "Others send proofs of this message just now; ask again. Nothing is sent.");
  }

  /** The number it will have, unless somebody is faster: nothing is noted yet. */
  private int next(Wanted wanted) {
    return jdbi.inTransaction(
        handle -> {
          int number = messages.proofs().next(handle, wanted.order(), wanted.version());
          handle.rollback();
          return number;
        });
  }

  private Numbered mails(List<Proof> proofs, int number, ProofBytes.Held held)
      throws SigningException {
    List<NewPackage> mails = new ArrayList<>();
    for (Proof proof : proofs) {
      NewPackage mail = mail(proof, number, clock.instant());
      held.add(mail.raw().length);
      mails.add(mail);
    }
    return new Numbered(number, mails);
  }

  /** Nothing when somebody else has taken the number meanwhile: it stands in each subject. */
  private Optional<Sent> queue(Wanted wanted, List<Proof> proofs, Numbered mails) {
    return jdbi.inTransaction(
        handle -> {
          int number = messages.proofs().next(handle, wanted.order(), wanted.version());
          if (number != mails.number()) {
            handle.rollback();
            return Optional.empty();
          }
          List<Queued> queued = new ArrayList<>();
          for (int i = 0; i < proofs.size(); i++) {
            Proof proof = proofs.get(i);
            long id = queue.enqueue(handle, mails.mails().get(i));
            queued.add(new Queued(id, proof.to().text(), proof.profile()));
          }
          return Optional.of(new Sent(number, List.copyOf(queued)));
        });
  }

  private List<Proof> proofs(Wanted wanted, ProofBytes.Held held) {
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
      held.add(NewEvent.fileBytes(sample.event()));
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
