package dev.retour.bounces;

import dev.retour.bounces.ImapInbox.Listed;
import jakarta.mail.MessagingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties an IMAP mailbox in chunks: the bodies of a chunk are fetched by one command, handed on
 * one by one, and those that were durably stored are moved by one command per folder. On a line
 * where each answer takes its time that is a handful of answers per chunk, not several per mail.
 *
 * <p>A mail is moved only after it was stored. What a crash leaves between the two is read again,
 * found to be stored already, and moved.
 */
final class MailboxDrain implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MailboxDrain.class);

  /** Mails that break the connection, per look; then the server is to blame. */
  private static final int RECONNECTS_MAX = 10;

  private final ImapInbox inbox;
  private final BouncesConfig.Fetch fetch;
  private final Deferrals deferrals;
  private final Runnable durable;
  private int offset;
  private int reconnects;

  /**
   * What became of a chunk; mails in neither were not tried.
   *
   * @param stored the folder each durably stored mail belongs in
   */
  record Outcome(Map<Long, String> stored, Set<Long> failed) {}

  /** Stores the mails of a chunk, each by itself. */
  interface Handler {
    Outcome handle(List<FoundMail> chunk);
  }

  /**
   * Of a mailbox.
   *
   * @param durable returns once all that was stored so far is durable
   */
  MailboxDrain(ImapInbox inbox, BouncesConfig.Fetch fetch, Deferrals deferrals, Runnable durable) {
    this.durable = durable;
    this.inbox = inbox;
    this.fetch = fetch;
    this.deferrals = deferrals;
  }

  /**
   * One look at the mailbox.
   *
   * @param max the most mails taken
   * @param goesOn asked before each chunk
   * @return how many mails were stored and moved
   * @throws MessagingException when the mailbox cannot be read or written; the connection is closed
   *     and opened anew by the next look
   */
  int look(int max, Handler handler, BooleanSupplier goesOn) throws MessagingException {
    reconnects = 0;
    try {
      inbox.open();
      return drain(candidates(max), handler, goesOn);
    } catch (MessagingException | RuntimeException e) {
      inbox.close();
      throw e;
    }
  }

  @Override
  public void close() {
    inbox.close();
  }

  private int drain(List<Listed> candidates, Handler handler, BooleanSupplier goesOn)
      throws MessagingException {
    int moved = 0;
    boolean stored = false;
    Set<Long> failed = new HashSet<>();
    for (List<Listed> chunk : chunks(candidates)) {
      if (!goesOn.getAsBoolean()) {
        break;
      }
      List<FoundMail> mails = fetch(chunk);
      Outcome outcome = handler.handle(mails);
      moved += file(outcome.stored());
      stored |= !outcome.stored().isEmpty();
      failed.addAll(outcome.failed());
      if (outcome.stored().size() + outcome.failed().size() < mails.size()) {
        break; // the handler gave up
      }
    }
    if (stored) {
      // Others could be stored, so it is the mail's fault and not the database's.
      for (long uid : failed) {
        deferrals.failed(key(uid));
      }
    }
    // Nothing could be stored: the next look begins with others, in case these are broken.
    offset = stored ? 0 : offset + failed.size();
    return moved;
  }

  private List<Listed> candidates(int max) throws MessagingException {
    List<Listed> candidates = new ArrayList<>();
    List<Long> deleted = new ArrayList<>();
    for (Listed listed : inbox.list(max + deferrals.size())) {
      if (listed.isDeleted()) {
        deleted.add(listed.uid());
      } else if (candidates.size() < max && !deferrals.isDeferred(key(listed.uid()))) {
        candidates.add(listed);
      }
    }
    if (!deleted.isEmpty()) {
      // Marked by a person, or copied by us before a crash: either way it is done with.
      inbox.expunge(deleted);
    }
    Collections.rotate(candidates, -offset);
    return candidates;
  }

  private List<List<Listed>> chunks(List<Listed> candidates) {
    List<List<Listed>> chunks = new ArrayList<>();
    List<Listed> chunk = new ArrayList<>();
    long bytes = 0;
    for (Listed each : candidates) {
      boolean full = chunk.size() == fetch.mailsMax();
      if (!chunk.isEmpty() && (full || bytes + read(each) > fetch.bytesMax())) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        bytes = 0;
      }
      chunk.add(each);
      bytes += read(each);
    }
    if (!chunk.isEmpty()) {
      chunks.add(chunk);
    }
    return chunks;
  }

  private long read(Listed mail) {
    return Math.min(mail.bytes(), fetch.mailBytesMax());
  }

  /** A chunk that cannot be fetched at once is fetched mail by mail, to find the one to blame. */
  private List<FoundMail> fetch(List<Listed> chunk) throws MessagingException {
    try {
      return chunk.size() == 1 ? one(chunk.get(0)) : many(chunk);
    } catch (MessagingException e) {
      log.info("Mails cannot be fetched at once ({}); trying again.", e.getMessage());
      if (chunk.size() == 1) {
        deferrals.failed(key(chunk.get(0).uid()));
      }
      reconnect(e);
    }
    List<FoundMail> found = new ArrayList<>();
    if (chunk.size() > 1) {
      for (Listed each : chunk) {
        found.addAll(fetch(List.of(each)));
      }
    }
    return found;
  }

  private void reconnect(MessagingException cause) throws MessagingException {
    long numbering = inbox.uidValidity();
    reconnects++;
    if (reconnects > RECONNECTS_MAX) {
      throw cause;
    }
    inbox.reopen();
    if (inbox.uidValidity() != numbering) {
      throw cause; // the mails have new numbers; what was listed is void
    }
  }

  private List<FoundMail> one(Listed mail) throws MessagingException {
    byte[] raw = inbox.largeBody(mail.uid(), fetch.mailBytesMax());
    return raw == null ? List.of() : List.of(found(mail, raw));
  }

  private List<FoundMail> many(List<Listed> chunk) throws MessagingException {
    Map<Long, byte[]> bodies = inbox.bodies(uids(chunk), fetch.mailBytesMax());
    List<FoundMail> found = new ArrayList<>();
    for (Listed each : chunk) {
      byte[] raw = bodies.remove(each.uid());
      if (raw != null) { // else another sidecar was faster
        found.add(found(each, raw));
      }
    }
    return found;
  }

  private FoundMail found(Listed mail, byte[] raw) {
    boolean known = mail.bytes() != Integer.MAX_VALUE && raw.length == fetch.mailBytesMax();
    long total = known ? Math.max(raw.length, mail.bytes()) : raw.length;
    return new FoundMail(mail.uid(), new RawMail(raw, total));
  }

  private int file(Map<Long, String> stored) throws MessagingException {
    if (stored.isEmpty()) {
      return 0;
    }
    durable.run();
    inbox.seen(stored.keySet());
    Map<String, List<Long>> folders = new TreeMap<>();
    for (Map.Entry<Long, String> each : stored.entrySet()) {
      folders.computeIfAbsent(each.getValue(), name -> new ArrayList<>()).add(each.getKey());
    }
    int moved = 0;
    for (Map.Entry<String, List<Long>> folder : folders.entrySet()) {
      moved += move(folder.getValue(), folder.getKey());
    }
    return moved;
  }

  /** Some servers refuse a whole move for one mail that is gone or that they cannot move. */
  private int move(List<Long> uids, String folder) throws MessagingException {
    try {
      inbox.move(uids, folder);
      uids.forEach(uid -> deferrals.done(key(uid)));
      return uids.size();
    } catch (MessagingException e) {
      return moveEach(inbox.present(uids), folder, e);
    }
  }

  private int moveEach(List<Long> uids, String folder, MessagingException together)
      throws MessagingException {
    int moved = 0;
    MessagingException fault = together;
    for (long uid : uids) {
      try {
        inbox.move(List.of(uid), folder);
        deferrals.done(key(uid));
        moved++;
      } catch (MessagingException e) {
        deferrals.failed(key(uid));
        fault = e;
      }
    }
    if (moved == 0 && !uids.isEmpty()) {
      throw new MessagingException(
          "Mails are stored but cannot be moved to " + folder + ": " + fault.getMessage(), fault);
    }
    return moved;
  }

  private static Collection<Long> uids(List<Listed> chunk) {
    return chunk.stream().map(Listed::uid).toList();
  }

  private String key(long uid) {
    return inbox.uidValidity() + "." + uid;
  }
}
