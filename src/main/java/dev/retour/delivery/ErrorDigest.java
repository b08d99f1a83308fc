package dev.retour.delivery;

import dev.retour.mail.EmailAddress;
import dev.retour.mail.OnUncertain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error always reaches a person (spec E1.2): who is in charge, else the fallback of the
 * settings, is told of all new failures in one mail, at most every so often; of a missed business
 * deadline at once. The mail is a work package of its own and is never itself told of.
 */
public final class ErrorDigest {
  private static final Logger log = LoggerFactory.getLogger(ErrorDigest.class);
  private static final int LOOK_MAX = 5_000;
  private static final Duration VALIDITY = Duration.ofDays(2);
  private static final int PRIORITY = 3;

  private final Jdbi jdbi;
  private final InstantSource clock;
  private final Queue queue;
  private final DigestConfig config;
  private final String domain;
  private final DigestStore store = new DigestStore();
  private final PackageLogStore logs = new PackageLogStore();

  /**
   * A digest.
   *
   * @param domain right-hand side of its Message-IDs and of its default sender
   */
  ErrorDigest(Jdbi jdbi, InstantSource clock, Queue queue, DigestConfig config, String domain) {
    this.jdbi = jdbi;
    this.clock = clock;
    this.queue = queue;
    this.config = config;
    this.domain = domain;
  }

  /**
   * Tells everybody what they have not been told yet, in one transaction with noting that they
   * were.
   *
   * @return how many mails were queued
   */
  public int tell() {
    return jdbi.inTransaction(handle -> store.isAlone(handle) ? tell(handle) : 0);
  }

  private int tell(Handle handle) {
    Instant now = clock.instant();
    List<QueueEntry> failed = store.untold(handle, LOOK_MAX);
    List<QueueEntry> late = store.late(handle, LOOK_MAX, now);
    Set<List<String>> groups = new LinkedHashSet<>();
    failed.forEach(entry -> groups.add(peopleOf(entry)));
    late.forEach(entry -> groups.add(peopleOf(entry)));
    groups.remove(List.<String>of());
    int mails = 0;
    for (List<String> group : groups) {
      List<QueueEntry> theirs = of(failed, group);
      List<QueueEntry> theirsLate = of(late, group);
      if (!theirsLate.isEmpty() || isTime(handle, group, now)) {
        DigestMail mail = new DigestMail(theirs, theirsLate);
        group.forEach(person -> queue(handle, person, mail, now));
        store.toldPerson(handle, String.join(",", group), now);
        store.told(handle, theirs.stream().map(QueueEntry::id).toList(), now);
        mails += group.size();
      }
    }
    noteLate(handle, late, now);
    return mails;
  }

  private void noteLate(Handle handle, List<QueueEntry> late, Instant now) {
    // A deadline is looked at once, also when there is nobody to tell.
    List<Long> ids = late.stream().map(QueueEntry::id).toList();
    store.lateTold(handle, ids, now);
    queue.facts().late(handle, ids, now);
    for (QueueEntry entry : late) {
      String who = String.join(", ", peopleOf(entry));
      logs.insert(
          handle,
          entry.id(),
          new QueueDetail.Note(
              now,
              "digest",
              "tell-after",
              "Not accepted by "
                  + entry.told().deadline()
                  + "; "
                  + (who.isEmpty()
                      ? "there is nobody to tell (delivery.errors-to)."
                      : "told " + who)));
      log.atWarn().addKeyValue("workPackage", entry.id()).log("Not accepted by its deadline.");
    }
  }

  private boolean isTime(Handle handle, List<String> group, Instant now) {
    Optional<Instant> last = store.lastTold(handle, String.join(",", group));
    return last.isEmpty() || !now.isBefore(last.get().plus(config.every()));
  }

  private List<String> peopleOf(QueueEntry entry) {
    String inCharge = entry.told().inCharge();
    return inCharge == null ? config.errorsTo() : List.of(inCharge);
  }

  private List<QueueEntry> of(List<QueueEntry> entries, List<String> group) {
    return entries.stream().filter(entry -> peopleOf(entry).equals(group)).toList();
  }

  private void queue(Handle handle, String person, DigestMail mail, Instant now) {
    String messageId = "<digest." + UUID.randomUUID() + "@" + domain + ">";
    String from = config.from().isEmpty() ? "retour@" + domain : config.from();
    EmailAddress to =
        EmailAddress.parse(person)
            .orElseThrow(() -> new IllegalStateException("A person without an address."));
    queue.enqueue(
        handle,
        new NewPackage(
            null,
            "digest",
            null,
            to,
            PRIORITY,
            OnUncertain.RESEND,
            now.plus(VALIDITY),
            messageId,
            mail.subject(),
            mail.raw(new DigestMail.Frame(from, to.text(), messageId, now, config.link())),
            new NewPackage.Terms("digest", List.of(), null, null, RedeliveryRequest.NONE)));
  }
}
