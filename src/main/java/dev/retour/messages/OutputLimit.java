package dev.retour.messages;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How much a template may still write, and whether it may go on at all. */
final class OutputLimit {
  private final int charsMax;
  private final RenderWatch.@Nullable Rendering rendering;
  private int chars;

  OutputLimit(int charsMax, RenderWatch.@Nullable Rendering rendering) {
    this.charsMax = charsMax;
    this.rendering = rendering;
  }

  /** For what no template writes. */
  static OutputLimit none() {
    return new OutputLimit(Integer.MAX_VALUE, null);
  }

  /** A limit was exceeded; the message is a sentence. */
  static final class LimitException extends IOException {
    private static final long serialVersionUID = 1L;

    LimitException(String text) {
      super(text);
    }
  }

  /** Asks for so many characters more. */
  void take(int more) throws LimitException {
    chars += more;
    if (chars > charsMax || chars < 0) {
      throw new LimitException("The template writes more than " + charsMax + " characters.");
    }
    String fault = rendering == null ? null : rendering.fault();
    if (fault != null) {
      throw new LimitException(fault);
    }
  }
}
