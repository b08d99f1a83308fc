package dev.retour.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Commits what many threads ask for at the same moment in one transaction: each still waits until
 * its own part is durable, but the disk is asked once for all of them. Nobody waits for company:
 * who comes first commits at once, and what comes meanwhile makes the next group. Not to be called
 * from within a transaction: the group would be committed with that one only.
 *
 * @param <T> what is asked for
 * @param <R> the answer to it
 */
public final class GroupCommit<T, R> {
  private final int groupMax;
  private final Function<List<T>, List<R>> transaction;
  private final Deque<Waiting<T, R>> waiting = new ArrayDeque<>();
  private boolean busy;

  /**
   * One who waits.
   *
   * @param turn completed when answered, or when it is up to this one to commit the next group
   */
  private record Waiting<T, R>(T item, CompletableFuture<R> answer, CompletableFuture<?> turn) {
    Waiting(T item) {
      this(item, new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  /**
   * A group.
   *
   * @param groupMax the most that go into one transaction
   * @param transaction commits all of a group, or none and throws; an answer for each, in order
   */
  public GroupCommit(int groupMax, Function<List<T>, List<R>> transaction) {
    this.groupMax = groupMax;
    this.transaction = transaction;
  }

  /**
   * Returns when the item is committed. When the transaction of a group fails, each of its members
   * is tried alone, so that nobody fails for another's sake, unless the database is away.
   *
   * @throws RuntimeException as the transaction threw it for this item; it is not committed
   */
  public R commit(T item) {
    Waiting<T, R> mine = new Waiting<>(item);
    boolean first;
    synchronized (waiting) {
      waiting.add(mine);
      first = !busy;
      busy = true;
    }
    if (!first) {
      mine.turn.join();
    }
    if (!mine.answer.isDone()) {
      together(next());
      handOn();
    }
    try {
      return mine.answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private List<Waiting<T, R>> next() {
    synchronized (waiting) {
      List<Waiting<T, R>> group = new ArrayList<>(Math.min(groupMax, waiting.size()));
      while (group.size() < groupMax && !waiting.isEmpty()) {
        group.add(waiting.remove());
      }
      return group;
    }
  }

  /** Who has its own answer commits no longer for others: the next one in line does. */
  private void handOn() {
    Waiting<T, R> next;
    synchronized (waiting) {
      next = waiting.peek();
      busy = next != null;
    }
    if (next != null) {
      next.turn.complete(null);
    }
  }

  private void together(List<Waiting<T, R>> group) {
    List<T> items = new ArrayList<>(group.size());
    group.forEach(each -> items.add(each.item));
    try {
      List<R> answers = transaction.apply(items);
      for (int i = 0; i < group.size(); i++) {
        Waiting<T, R> each = group.get(i);
        each.answer.complete(answers.get(i));
        each.turn.complete(null);
      }
    } catch (RuntimeException | Error e) {
      if (group.size() == 1 || StoreFault.isAway(e)) { // each alone would wait for it in vain
        for (Waiting<T, R> each : group) {
          each.answer.completeExceptionally(e);
          each.turn.complete(null);
        }
      } else {
        group.forEach(each -> together(List.of(each)));
      }
    }
  }
}
