package dev.retour.console;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads the body of a form into memory. The server's own handler of bodies would write its files to
 * disk, or lose them. A thread waits meanwhile, so only few are read at the same time and none for
 * long.
 */
final class UploadReader {
  private static final int AT_ONCE_MAX = 2;
  private static final Duration TIME_MAX = Duration.ofSeconds(30);

  private final Semaphore reading = new Semaphore(AT_ONCE_MAX);

  /** A body that exceeds the limit. */
  private static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads it.
   *
   * @param request whose body nobody has read; it is paused
   */
  Upload read(HttpServerRequest request, int bytesMax) {
    if (announced(request) > bytesMax) {
      return refused(request, tooLarge(bytesMax));
    }
    if (!reading.tryAcquire()) {
      return refused(
          request,
          Problem.of(
                  "busy",
                  503,
                  "Other forms are being taken in",
                  "Nothing was accepted. Post it again in a moment, one form after the other.")
              .toAnswer()
              .with("Retry-After", IntakeProblems.RETRY_AFTER_SECONDS));
    }
    try {
      return new Upload(whole(request, bytesMax), null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refused(request, late());
    } catch (TimeoutException e) {
      return refused(request, late());
    } catch (ExecutionException e) {
      return refused(
          request, e.getCause() instanceof TooLargeException ? tooLarge(bytesMax) : late());
    } finally {
      reading.release();
    }
  }

  private static byte[] whole(HttpServerRequest request, int bytesMax)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<byte[]> whole = new CompletableFuture<>();
    Buffer body = Buffer.buffer();
    // All that concerns the connection is done by its own thread.
    Context connection = Vertx.currentContext();
    connection.runOnContext(
        nothing -> {
          request.exceptionHandler(whole::completeExceptionally);
          request.handler(
              part -> {
                if (whole.isDone()) {
                  return;
                }
                if (body.length() + part.length() > bytesMax) {
                  whole.completeExceptionally(new TooLargeException());
                } else {
                  body.appendBuffer(part);
                }
              });
          request.endHandler(end -> whole.complete(body.getBytes()));
          if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
          }
          request.resume();
        });
    return whole.get(TIME_MAX.toSeconds(), TimeUnit.SECONDS);
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0; // the server has refused it, or what comes is counted
    }
  }

  /** What is still to come of the body is thrown away, so that the connection can go on. */
  Upload refused(HttpServerRequest request, Answer answer) {
    Vertx.currentContext()
        .runOnContext(
            nothing -> {
              request.handler(part -> {});
              request.resume();
            });
    return new Upload(null, answer);
  }

  private static Answer tooLarge(int bytesMax) {
    return Problem.plain(
            413,
            "Content Too Large",
            "Nothing was accepted. A form has at most " + bytesMax + " bytes.")
        .toAnswer();
  }

  private static Answer late() {
    return Problem.plain(
            408,
            "Request Timeout",
            "Nothing was accepted. The form did not arrive within "
                + TIME_MAX.toSeconds()
                + " seconds.")
        .toAnswer();
  }
}
