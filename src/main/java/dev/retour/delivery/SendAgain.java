package dev.retour.delivery;

import dev.retour.delivery.MailContentStore.Content;
import dev.retour.mail.EmailAddress;
import dev.retour.mail.MailSigner;
import dev.retour.mail.SigningException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Sends once more, on purpose, what was sent, expired or cancelled (spec A5): a new package of the
 * next generation, the old one stays as it is. Two people who do it at the same time make one
 * package. A mail gets a Message-ID and a signature of its own; a callback tells the same fact
 * under the same id.
 */
final class SendAgain {
  /** Packages in one transaction: whole mails are in memory meanwhile. */
  static final int PAGE = 4;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final MailSigner signer;
  private final QueueDeskStore store = new QueueDeskStore();
  private final QueueListStore lists = new QueueListStore();
  private final MailContentStore contents = new MailContentStore();
  private final CallbackStore callbacks = new CallbackStore();
  private final PackageLogStore logs = new PackageLogStore();

  SendAgain(Jdbi jdbi, InstantSource clock, MailSigner signer) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.signer = signer;
  }

  /**
   * A package made ready to be sent once more.
   *
   * @param content null: it is a callback, which tells the same fact once more
   * @param fault why it cannot be; null: it can
   */
  private record Again(int generation, @Nullable Content content, @Nullable String fault) {}

  /**
   * Does it in one transaction, at most {@link #PAGE}; what was done or why not, in their order.
   */
  List<QueueOutcome> act(QueueOrder order, List<Long> ids) {
    // Signing takes time: it is done before the transaction, by all processors.
    Map<Long, Again> made =
        ids.parallelStream()
            .flatMap(id -> prepared(order, id).map(each -> Map.entry(id, each)).stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return jdbi.inTransaction(
        handle -> {
          Instant now = clock.instant();
          return ids.stream().map(id -> send(handle, order, id, made.get(id), now)).toList();
        });
  }

  private Optional<Again> prepared(QueueOrder order, long id) {
    Optional<QueueDetail> found = jdbi.withHandle(handle -> lists.detail(handle, id));
    if (found.isEmpty() || !order.action().from().contains(found.get().entry().state())) {
      return Optional.empty();
    }
    QueueEntry entry = found.get().entry();
    int generation = entry.generation() + 1;
    if (entry.isCallback()) {
      return Optional.of(new Again(generation, null, null));
    }
    if (found.get().bytes() == 0) {
      return Optional.of(new Again(generation, null, QueueOutcome.GONE));
    }
    Content fresh =
        NextGeneration.of(jdbi.withHandle(handle -> contents.ofPackage(handle, id)), id, generation)
            .content();
    Set<String> domains =
        EmailAddress.parse(entry.recipient()).map(to -> Set.of(to.domain())).orElse(Set.of());
    try {
      byte[] signed = signer.signAgain(fresh.raw(), domains, clock.instant());
      return Optional.of(new Again(generation, new Content(fresh.messageId(), signed), null));
    } catch (SigningException e) {
      return Optional.of(new Again(generation, null, String.valueOf(e.getMessage())));
    }
  }

  private QueueOutcome send(
      Handle handle, QueueOrder order, long id, @Nullable Again made, Instant now) {
    Optional<QueueEntry> found = store.lock(handle, id, order.action().from());
    if (found.isEmpty() || made == null) {
      return QueueOutcome.refused(order.action(), id, store.states(handle, List.of(id)).get(id));
    }
    int generation = found.get().generation() + 1;
    String state = found.get().state();
    if (store.wasSentAgain(handle, id) || made.generation() != generation) {
      return QueueOutcome.refused(
          id, state, "It was sent again before; send its newest generation again.");
    }
    if (made.fault() != null) {
      return QueueOutcome.refused(id, state, made.fault());
    }
    long fresh =
        made.content() == null
            ? tellAgain(handle, id, now)
            : store.again(handle, id, contents.copy(handle, id, made.content(), now), now);
    note(handle, order, id, "Sent again as work package " + fresh + ".", now);
    note(handle, order, fresh, "Generation " + generation + " of package " + id + ".", now);
    return new QueueOutcome(id, true, state, "Sent again as package " + fresh + ".", fresh);
  }

  /** Under the same id: an ERP that has it will know. */
  private long tellAgain(Handle handle, long id, Instant now) {
    long fresh = store.again(handle, id, null, now);
    callbacks.again(handle, id, fresh);
    return fresh;
  }

  private void note(Handle handle, QueueOrder order, long id, String text, Instant now) {
    logs.insert(handle, id, new QueueDetail.Note(now, order.who(), order.action().label(), text));
  }
}
