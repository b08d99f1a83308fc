package dev.retour.events;

import dev.retour.events.NdjsonLines.Line;
import dev.retour.messages.EventType;
import dev.retour.messages.PayloadFault;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in many events of one type at once, one a line. Each line is an event of its own: stored as
 * a whole or not at all, and answered as if it had come alone. Lines are committed some hundred at
 * a time, in order; what was answered is committed, and a cut connection loses the answers only.
 */
public final class BatchIntake {
  private static final Logger log = LoggerFactory.getLogger(BatchIntake.class);
  static final int LINES_MAX = 10_000;

  /** Lines of a transaction: beyond some hundred a larger one is not faster. */
  private static final int CHUNK_LINES_MAX = 500;

  /** Behind which one ends: lines may carry or name files, and all of them are in memory. */
  private static final int CHUNK_BYTES_MAX = 2_000_000;

  private final EventReader reader;
  private final EventEntry entry;
  private final Semaphore running;

  BatchIntake(EventsConfig config, EventReader reader, EventEntry entry) {
    this.reader = reader;
    this.entry = entry;
    this.running = new Semaphore(config.batchesMax());
  }

  /**
   * Takes in the lines of a batch.
   *
   * @param eventType {@code EVT…} as asked for; any text
   * @param body newline-delimited JSON in UTF-8; any bytes
   * @param idempotencyKey of the whole batch: its line 7 has the key {@code <key>:7}, unless it
   *     brings a key of its own
   */
  public BatchAnswer accept(String eventType, byte[] body, @Nullable String idempotencyKey) {
    Optional<EventType> type = reader.type(eventType);
    if (type.isEmpty() && !EventReader.isId(eventType)) {
      return new BatchAnswer.Refused(new IntakeAnswer.UnknownType(eventType));
    }
    Optional<PayloadFault> fault = EventReader.keyFault("", idempotencyKey);
    if (fault.isPresent()) {
      return new BatchAnswer.Refused(new IntakeAnswer.Invalid(List.of(fault.get())));
    }
    NdjsonLines lines = NdjsonLines.of(body, LINES_MAX);
    if (lines.tooMany()) {
      return new BatchAnswer.TooMany(LINES_MAX);
    }
    if (lines.lines().isEmpty()) {
      PayloadFault empty = new PayloadFault("", "one event a line", "no line");
      return new BatchAnswer.Refused(new IntakeAnswer.Invalid(List.of(empty)));
    }
    if (!running.tryAcquire()) {
      return new BatchAnswer.Busy();
    }
    try {
      return type.isPresent()
          ? new BatchAnswer.Lines(accept(type.get(), lines, idempotencyKey))
          : refuse(eventType, lines, idempotencyKey);
    } finally {
      running.release();
    }
  }

  /**
   * Of a message that takes none: a line that was accepted before gets its answer of that time.
   * Without any such line nothing is to be told apart, and the batch is refused as a whole.
   */
  private BatchAnswer refuse(String eventType, NdjsonLines lines, @Nullable String key) {
    List<BatchAnswer.Line> answers = new ArrayList<>();
    List<Line> all = lines.lines();
    for (int from = 0; from < all.size(); from += CHUNK_LINES_MAX) {
      List<Line> chunk = all.subList(from, Math.min(all.size(), from + CHUNK_LINES_MAX));
      Iterator<IntakeAnswer> theirs =
          entry
              .refuse(
                  eventType,
                  chunk.stream()
                      .map(line -> reader.unreadLine(eventType, request(lines, line, key)))
                      .toList())
              .iterator();
      chunk.forEach(line -> answers.add(new BatchAnswer.Line(line.number(), theirs.next())));
    }
    IntakeAnswer first = answers.get(0).answer();
    boolean alike = answers.stream().allMatch(each -> each.answer().equals(first));
    boolean known =
        first instanceof IntakeAnswer.Replayed || first instanceof IntakeAnswer.Conflict;
    return alike && !known ? new BatchAnswer.Refused(first) : new BatchAnswer.Lines(answers);
  }

  private static EventReader.Request request(NdjsonLines lines, Line line, @Nullable String key) {
    String own = key == null ? null : key + ":" + line.number();
    return new EventReader.Request(lines.bytes(line), own, true);
  }

  private List<BatchAnswer.Line> accept(EventType type, NdjsonLines lines, @Nullable String key) {
    Chunk chunk = new Chunk(lines.lines().size());
    for (Line line : lines.lines()) {
      chunk.add(line, reader.readLine(type, request(lines, line, key)));
      if (chunk.isFull()) {
        chunk.enter();
      }
    }
    chunk.enter();
    List<BatchAnswer.Line> answers = chunk.answers;
    long accepted =
        answers.stream().filter(each -> each.answer() instanceof IntakeAnswer.Accepted).count();
    log.info("Accepted {} of {} lines of {}", accepted, answers.size(), type.id());
    return answers;
  }

  /** Lines that were read and wait to be committed together. */
  private final class Chunk {
    private final List<BatchAnswer.Line> answers;
    private final List<Line> lines = new ArrayList<>();
    private final List<EventReader.Read> read = new ArrayList<>();
    private long bytes;

    Chunk(int linesInAll) {
      answers = new ArrayList<>(linesInAll);
    }

    void add(Line line, EventReader.Read what) {
      lines.add(line);
      read.add(what);
      bytes += line.length();
      bytes += what instanceof EventReader.Read.Fits fits ? fits.event().fileBytes() : 0;
    }

    boolean isFull() {
      return lines.size() == CHUNK_LINES_MAX || bytes > CHUNK_BYTES_MAX;
    }

    void enter() {
      List<NewEvent> events =
          read.stream()
              .filter(EventReader.Read.Fits.class::isInstance)
              .map(each -> ((EventReader.Read.Fits) each).event())
              .toList();
      Iterator<IntakeAnswer> entered =
          events.isEmpty() ? List.<IntakeAnswer>of().iterator() : entry.enter(events).iterator();
      for (int i = 0; i < lines.size(); i++) {
        IntakeAnswer answer =
            read.get(i) instanceof EventReader.Read.Refused refused
                ? refused.answer()
                : entered.next();
        answers.add(new BatchAnswer.Line(lines.get(i).number(), answer));
      }
      lines.clear();
      read.clear();
      bytes = 0;
    }
  }
}
