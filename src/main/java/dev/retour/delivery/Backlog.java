package dev.retour.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * A queue full of ready mails, for measuring how fast it is drained: rows as {@link Queue#enqueue}
 * makes them, written by the thousand.
 */
public final class Backlog {
  private static final int PAGE = 5_000;
  private static final Duration VALIDITY = Duration.ofDays(5);

  private final BacklogStore packages = new BacklogStore();
  private final Jdbi jdbi;

  public Backlog(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Fills the queue.
   *
   * @param mails how many
   * @param bytes size of each, header included
   * @param due when they may be sent; far ahead: they are parked
   */
  public void fill(int mails, int bytes, Instant now, Instant due) {
    byte[] text = text(bytes);
    for (int done = 0; done < mails; done += PAGE) {
      int page = Math.min(PAGE, mails - done);
      jdbi.useTransaction(
          handle -> packages.insert(handle, page, text, now, due, now.plus(VALIDITY)));
    }
    jdbi.useHandle(packages::analyze);
  }

  /** How far the draining is. */
  public Progress progress() {
    return jdbi.withHandle(packages::progress);
  }

  /**
   * How far it is.
   *
   * @param attempts begun so far
   * @param open whether anything is due or being sent
   */
  public record Progress(long attempts, boolean open) {}

  /** When the first attempt began and the last one ended; of attempts the server accepted. */
  public Drained drained() {
    return jdbi.withHandle(packages::drained);
  }

  /** Dead row versions by table, as the server's statistics say (about a second late). */
  public Map<String, Long> deadTuples() {
    return jdbi.withHandle(packages::deadTuples);
  }

  /**
   * What became of the backlog.
   *
   * @param sent packages sent
   * @param open packages that are ready, waiting or being sent
   * @param others packages in any other state
   */
  public record Drained(long sent, long open, long others, Instant first, Instant last) {
    /** Mails a second between the first claim and the last stored answer. */
    public double perSecond() {
      return sent * 1e9 / Math.max(1, Duration.between(first, last).toNanos());
    }
  }

  private static byte[] text(int bytes) {
    String line =
        "A line of a mail as an ERP sends them, seventy-six characters in length or so.\r\n";
    StringBuilder text =
        new StringBuilder(bytes)
            .append("From: ERP <erp@example.org>\r\nSubject: Backlog\r\n")
            .append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n");
    while (text.length() + line.length() < bytes) {
      text.append(line);
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
