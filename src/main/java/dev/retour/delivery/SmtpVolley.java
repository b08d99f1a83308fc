package dev.retour.delivery;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread hands over many mails at the same time, each in a session of its own, step by step
 * side by side; {@code body_sent} is committed once for all of them. That saves what a thread and a
 * transaction for each mail cost, most of all switching between them.
 *
 * <p>It is for mails that go smoothly. Whatever is refused, breaks or takes its time is left as it
 * stands, for {@link TransportPool#finish} by somebody who may wait: no mail waits for another.
 */
final class SmtpVolley {
  private static final Logger log = LoggerFactory.getLogger(SmtpVolley.class);

  /** What the system takes at once: no volley waits for a server that reads slowly. */
  static final int OCTETS_MAX = 65_536;

  private final TransportPool pool;
  private final Duration patience;
  private final Semaphore inTheAir;
  private final Fence fence;

  /** Commits {@code body_sent} for many mails in one transaction. */
  interface Fence {
    /**
     * Those whose final dot may be sent.
     *
     * @throws RuntimeException when it cannot be committed for all of them together
     */
    Set<PackageMessage> commit(List<PackageMessage> mails);
  }

  /**
   * @param patience how long a step waits for the slowest
   * @param inTheAir one permit for each mail that may be under way
   */
  SmtpVolley(TransportPool pool, Duration patience, Semaphore inTheAir, Fence fence) {
    this.pool = pool;
    this.patience = patience;
    this.inTheAir = inTheAir;
    this.fence = fence;
  }

  /** A mail in a session, as far as it got. */
  static final class Handover {
    private final TransportPool pool;
    private final PackageMessage message;
    private final TransportPool.Session session;
    private final SmtpTransaction transaction;
    private @Nullable Exception fault;

    Handover(
        TransportPool pool,
        PackageMessage message,
        TransportPool.Session session,
        SmtpTransaction transaction) {
      this.pool = pool;
      this.message = message;
      this.session = session;
      this.transaction = transaction;
    }

    /**
     * Goes on from there, and waits as long as it takes.
     *
     * @throws MessagingException as {@link TransportPool#send}
     */
    void finish() throws MessagingException {
      pool.finish(session, message, this::run);
    }

    private SmtpReply run() throws SmtpException, IOException {
      if (fault instanceof SmtpException refused) {
        throw refused;
      }
      if (fault instanceof IOException broken) {
        throw broken;
      }
      if (fault instanceof RuntimeException defect) {
        throw defect;
      }
      return transaction.run();
    }
  }

  private interface Step {
    void take(Handover mail) throws SmtpException, IOException;
  }

  /**
   * Sends what goes smoothly. What does not, and has begun, keeps its permit and knows how far it
   * got ({@link PackageMessage#takeHandover}).
   *
   * @return those that were taken
   */
  List<PackageMessage> send(Collection<PackageMessage> mails) {
    Deque<PackageMessage> waiting = new ArrayDeque<>(mails);
    List<PackageMessage> taken = new ArrayList<>(mails.size());
    inTheAir.acquireUninterruptibly();
    do {
      taken.addAll(fly(board(waiting)));
    } while (!waiting.isEmpty() && goesOn(mails.size() == taken.size() + waiting.size()));
    return taken;
  }

  /**
   * Takes a permit for the next round.
   *
   * @param nobodyLeft only then it is waited for: those who were left behind hold permits and wait
   *     for the end of this volley
   */
  private boolean goesOn(boolean nobodyLeft) {
    if (inTheAir.tryAcquire()) {
      return true;
    }
    if (nobodyLeft) {
      inTheAir.acquireUninterruptibly();
    }
    return nobodyLeft;
  }

  /**
   * One for each session there is, and for one session more: the pool grows gently. There is one
   * permit to begin with.
   */
  private List<Handover> board(Deque<PackageMessage> waiting) {
    int permits = 1;
    while (permits < waiting.size() && inTheAir.tryAcquire()) {
      permits++;
    }
    List<Handover> aboard = new ArrayList<>(permits);
    try {
      boolean mayOpen = true;
      for (int i = 0; i < permits; i++) {
        TransportPool.Session session = pool.idleSession();
        if (session == null && mayOpen) {
          session = pool.open();
          mayOpen = false;
        }
        if (session == null) {
          break;
        }
        begin(waiting.remove(), session, aboard);
      }
    } catch (MessagingException e) {
      waiting.forEach(mail -> mail.leave(e)); // nobody tries the same once more
      waiting.clear();
    } finally {
      inTheAir.release(permits - aboard.size());
    }
    return aboard;
  }

  private void begin(PackageMessage message, TransportPool.Session session, List<Handover> aboard) {
    try {
      SmtpTransaction transaction = new SmtpTransaction(session.connection(), message);
      if (transaction.isPipelined()) {
        Handover mail = new Handover(pool, message, session, transaction);
        message.leave(mail);
        aboard.add(mail);
        return;
      }
    } catch (SmtpException e) {
      // it cannot go over this session; it meets that for itself
    }
    pool.giveBack(session);
  }

  private List<PackageMessage> fly(List<Handover> aboard) {
    List<Handover> flying = each(aboard, mail -> mail.transaction.ask());
    flying = each(answered(flying), mail -> mail.transaction.awaitStart());
    flying = fenced(each(flying, mail -> mail.transaction.writeAhead()));
    flying = each(flying, mail -> mail.transaction.dot());
    List<PackageMessage> taken = new ArrayList<>(flying.size());
    each(answered(flying), mail -> taken.add(over(mail, mail.transaction.answer())));
    return taken;
  }

  private PackageMessage over(Handover mail, SmtpReply reply) {
    mail.message.takeHandover();
    try {
      pool.accepted(mail.session, mail.message, reply);
    } finally {
      inTheAir.release();
    }
    return mail.message;
  }

  /** Takes a step with each; those that went on. */
  private static List<Handover> each(List<Handover> mails, Step step) {
    List<Handover> on = new ArrayList<>(mails.size());
    for (Handover mail : mails) {
      try {
        step.take(mail);
        on.add(mail);
      } catch (SmtpException | IOException | RuntimeException e) {
        mail.fault = e;
      }
    }
    return on;
  }

  private List<Handover> answered(List<Handover> mails) {
    long deadline = System.nanoTime() + patience.toNanos();
    List<Handover> on = new ArrayList<>(mails.size());
    for (Handover mail : mails) {
      if (mail.transaction.isAnswered(deadline)) {
        on.add(mail);
      }
    }
    return on;
  }

  private List<Handover> fenced(List<Handover> mails) {
    if (mails.isEmpty()) {
      return mails;
    }
    Set<PackageMessage> ours;
    try {
      ours = fence.commit(mails.stream().map(mail -> mail.message).toList());
    } catch (RuntimeException e) {
      log.warn(
          "Hand-overs could not be committed together; each is committed alone: {}", e.toString());
      return List.of();
    }
    return each(
        mails,
        mail -> {
          if (!ours.contains(mail.message)) {
            throw FenceException.takenOver();
          }
          mail.transaction.committed();
        });
  }
}
