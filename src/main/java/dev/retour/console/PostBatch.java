package dev.retour.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retour.events.BatchAnswer;
import dev.retour.events.BatchIntake;
import dev.retour.events.IntakeAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/v1/events/{eventType}:batch}: takes many events in, one a line (NDJSON). */
public final class PostBatch {
  private static final String NDJSON = "application/x-ndjson";
  private static final Set<String> CONTENT_TYPES = Set.of(NDJSON, "application/ndjson");
  private static final String SUFFIX = ":batch";

  /** Of one line: whoever has more wrong has one thing wrong. */
  private static final int FAULTS_MAX = 10;

  /** Of an answer; lines behind it say their status only. */
  private static final int DETAILED_BYTES_MAX = 4_000_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final BatchIntake intake;

  PostBatch(BatchIntake intake) {
    this.intake = intake;
  }

  /**
   * Answers 200 with a line for each line that is not empty, once all are committed or refused.
   *
   * @param path the event type with its suffix, as the route found it
   * @param contentType must be NDJSON; browsers never send that unasked
   * @param idempotencyKey of the batch
   */
  public Answer answer(
      @Nullable String path,
      byte @Nullable [] body,
      @Nullable String contentType,
      @Nullable String idempotencyKey) {
    if (!isNdjson(contentType)) {
      return Problem.plain(
              415,
              "Unsupported Media Type",
              "Send a batch as Content-Type: application/x-ndjson, one event a line.")
          .toAnswer();
    }
    String name = String.valueOf(path);
    String eventType =
        name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    BatchAnswer answer =
        intake.accept(eventType, body == null ? new byte[0] : body, idempotencyKey);
    if (answer instanceof BatchAnswer.Lines lines) {
      return Answer.of(200, NDJSON, lines(eventType, lines.lines()))
          .with("Cache-Control", "no-store")
          .with("X-Content-Type-Options", "nosniff");
    }
    if (answer instanceof BatchAnswer.Refused refused) {
      return IntakeProblems.of(eventType, refused.answer())
          .toAnswer()
          .with(IntakeProblems.headers(refused.answer()));
    }
    if (answer instanceof BatchAnswer.TooMany tooMany) {
      return Problem.of(
              "too-many-lines",
              413,
              "The batch has too many lines",
              "Nothing was accepted. Post at most " + tooMany.linesMax() + " events at once.")
          .toAnswer();
    }
    return Problem.of(
            "busy",
            503,
            "Other batches are being taken in",
            "Nothing was accepted. Post it again in a moment, one batch after the other.")
        .toAnswer()
        .with("Retry-After", IntakeProblems.RETRY_AFTER_SECONDS);
  }

  private static byte[] lines(String eventType, List<BatchAnswer.Line> lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(lines.size() * 160);
    try {
      for (BatchAnswer.Line line : lines) {
        ObjectNode json = json(eventType, line);
        if (out.size() > DETAILED_BYTES_MAX) {
          json.retain("line", "status", "pkey").put("shortened", true);
        }
        out.write(JSON.writeValueAsBytes(json));
        out.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Bytes in memory cannot fail to be written.", e);
    }
    return out.toByteArray();
  }

  private static ObjectNode json(String eventType, BatchAnswer.Line line) {
    IntakeAnswer answer = line.answer();
    if (answer instanceof IntakeAnswer.Accepted accepted) {
      return taken(line.number(), eventType, accepted.pkey(), accepted.status());
    }
    if (answer instanceof IntakeAnswer.Replayed replayed) {
      return taken(line.number(), eventType, replayed.pkey(), replayed.status())
          .put("replayed", true);
    }
    Problem problem = IntakeProblems.of(eventType, answer);
    int more = problem.faults().size() - FAULTS_MAX;
    Problem shown = more > 0 ? problem.because(problem.faults().subList(0, FAULTS_MAX)) : problem;
    ObjectNode json = JSON.createObjectNode().put("line", line.number());
    json.setAll((ObjectNode) JSON.valueToTree(shown));
    return more > 0 ? json.put("faultsLeftOut", more) : json;
  }

  private static ObjectNode taken(int line, String eventType, UUID pkey, String status) {
    return JSON.createObjectNode()
        .put("line", line)
        .put("status", 202)
        .put("pkey", pkey.toString())
        .put("href", EventAnswers.href(eventType, pkey))
        .put("eventStatus", status);
  }

  private static boolean isNdjson(@Nullable String contentType) {
    return contentType != null
        && CONTENT_TYPES.contains(contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
  }
}
