package dev.retour.support;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process does, with a bound. */
public final class Await {
  private static final long BOUND_SECONDS = 90;
  private static final long LOOK_MILLIS = 20;

  private Await() {}

  /** What may become true; asking may fail. */
  public interface Condition {
    boolean isTrue() throws Exception;
  }

  /** Looks until it is so. */
  public static void until(String what, Condition condition) {
    until(what, condition, () -> "");
  }

  /**
   * The same.
   *
   * @param instead what is so when it was waited for too long
   */
  public static void until(String what, Condition condition, Callable<String> instead) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(BOUND_SECONDS);
    try {
      while (!condition.isTrue()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("waited too long for " + what + instead.call());
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }
}
