package dev.retour.events;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of proofs in memory: all mails of one are held until they are queued together,
 * and each may carry a document. Counts all proofs that are made at the same time.
 */
final class ProofBytes {
  private final long bytesMax;
  private final AtomicLong used = new AtomicLong();

  ProofBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** For one proof; closing it gives back what it held. */
  Held hold() {
    return new Held();
  }

  /** What one proof holds; for one thread. */
  final class Held implements AutoCloseable {
    private long own;

    /**
     * Counts more bytes; the first ones always fit, as a single mail has bounds of its own.
     *
     * @throws IllegalArgumentException with a sentence when they do not fit
     */
    void add(long bytes) {
      boolean first = own == 0;
      own += bytes;
      if (used.addAndGet(bytes) > bytesMax && !first) {
        throw new IllegalArgumentException(
            "The mails of a proof, with those of others made at the same time, have at most "
                + bytesMax / 1_000_000
                + " MB, and these have more: name fewer profiles or addresses. Nothing is sent.");
      }
    }

    @Override
    public void close() {
      used.addAndGet(-own);
    }
  }
}
