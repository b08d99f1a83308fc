package dev.retour.messages;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a template that runs for too long or takes too much memory, whether it writes anything or
 * not: one thread looks at all that are rendering and interrupts the one that is over its limit.
 * Templates look at the interrupt in every loop, macro and assignment; a single expression between
 * two looks cannot be stopped, which is why {@link TemplateGrammar} keeps these small.
 */
final class RenderWatch {
  private static final Logger log = LoggerFactory.getLogger(RenderWatch.class);
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private static final long LOOK_NANOS = Duration.ofMillis(2).toNanos();
  private static final long AWAKE_NANOS = Duration.ofSeconds(1).toNanos();

  private static final List<Rendering> RENDERINGS = new CopyOnWriteArrayList<>();
  private static final ThreadLocal<Rendering> OWN = ThreadLocal.withInitial(RenderWatch::register);
  private static final Thread WATCH = new Thread(RenderWatch::watch, "render-watch");

  /** Only while it waits without an end: whoever begins then wakes it, and nobody else has to. */
  private static volatile boolean asleep;

  static {
    WATCH.setDaemon(true);
    WATCH.start();
  }

  private RenderWatch() {}

  private static Rendering register() {
    Rendering rendering = new Rendering(Thread.currentThread());
    RENDERINGS.removeIf(other -> !other.isAlive());
    RENDERINGS.add(rendering);
    return rendering;
  }

  /**
   * Begins to watch the calling thread, until {@link Rendering#close}.
   *
   * @throws IllegalStateException in a virtual thread: nobody can see what memory it takes
   */
  static Rendering begin(Duration timeMax, long bytesMax) {
    Rendering rendering = OWN.get();
    rendering.begin(timeMax, bytesMax);
    if (asleep) {
      LockSupport.unpark(WATCH);
    }
    return rendering;
  }

  private static void watch() {
    long used = System.nanoTime();
    while (true) {
      long now = System.nanoTime();
      boolean busy = look(now);
      used = busy ? now : used;
      if (now - used > AWAKE_NANOS) {
        asleep = true;
        // Whoever began before seeing this is met by one more look.
        if (!look(now)) {
          LockSupport.park(RENDERINGS);
        }
        asleep = false;
        used = System.nanoTime();
      } else {
        LockSupport.parkNanos(RENDERINGS, LOOK_NANOS);
      }
    }
  }

  /** Whether there is anything to watch; whatever happens, the one watch there is goes on. */
  private static boolean look(long now) {
    boolean busy = false;
    for (Rendering rendering : RENDERINGS) {
      try {
        busy |= rendering.look(now);
      } catch (RuntimeException | Error e) {
        log.error("A template could not be watched; the next look may succeed.", e);
        busy = true;
      }
    }
    return busy;
  }

  /** What one thread is rendering; used again for its next mail. */
  static final class Rendering implements AutoCloseable {
    private final WeakReference<Thread> thread;
    private final long id;
    private boolean open;
    private long deadlineNanos;
    private long allocatedMax;
    private volatile @Nullable String fault;

    private Rendering(Thread thread) {
      this.thread = new WeakReference<>(thread);
      this.id = thread.getId();
    }

    private boolean isAlive() {
      Thread own = thread.get();
      return own != null && own.isAlive();
    }

    private synchronized void begin(Duration timeMax, long bytesMax) {
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      if (allocated < 0) {
        throw new IllegalStateException(
            "Templates are rendered in platform threads only; in this one their memory is unseen.");
      }
      open = true;
      fault = null;
      deadlineNanos = System.nanoTime() + timeMax.toNanos();
      allocatedMax = allocated + bytesMax;
    }

    /** Looked at by the watch; tells whether there is anything to watch. */
    private synchronized boolean look(long now) {
      if (!open) {
        return false;
      }
      if (fault == null) {
        if (now - deadlineNanos > 0) {
          stop("The template runs for longer than it may.");
        } else if (THREADS.getThreadAllocatedBytes(id) > allocatedMax) {
          stop("The template takes more memory than it may.");
        }
      }
      return true;
    }

    private void stop(String text) {
      Thread own = thread.get();
      if (own != null) {
        fault = text;
        own.interrupt();
      }
    }

    /** Why it is to stop, as a sentence; null while it may go on. */
    @Nullable String fault() {
      return fault;
    }

    /** Ends the watch; the interrupt it caused does not outlive it. */
    @Override
    public synchronized void close() {
      open = false;
      if (fault != null) {
        Thread.interrupted();
      }
    }
  }
}
