package dev.retour.erp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one request. The texts are bounded and without control characters. */
sealed interface CallbackAnswer {
  /** For people. */
  String text();

  /** 2xx: the ERP has it. */
  record Accepted(String text) implements CallbackAnswer {}

  /** Other 4xx: the ERP will not take it, however often it is told. */
  record Refused(String text) implements CallbackAnswer {}

  /** 410: the ERP does not want to know. */
  record Unwanted(String text) implements CallbackAnswer {}

  /**
   * Everything else.
   *
   * @param retryAfter what the ERP asked for, within bounds; null: nothing
   * @param isNotBelieved 401 or 403: it does not accept our signature
   */
  record TryLater(String text, @Nullable Duration retryAfter, boolean isNotBelieved)
      implements CallbackAnswer {
    TryLater(String text, @Nullable Duration retryAfter) {
      this(text, retryAfter, false);
    }
  }
}
