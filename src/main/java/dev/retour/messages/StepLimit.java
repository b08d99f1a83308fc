package dev.retour.messages;

import dev.retour.config.FileFault;
import freemarker.core.Environment;
import freemarker.core.TemplateProcessingTracer;

/**
 * Counts what a template does: every directive, text and value of every round of a loop is a step.
 * Beside time and memory, which depend on the machine, this refuses the same template everywhere.
 */
final class StepLimit implements TemplateProcessingTracer {
  private final int stepsMax;
  private int steps;

  StepLimit(int stepsMax) {
    this.stepsMax = stepsMax;
  }

  /** The limit was exceeded, there. */
  static final class TooManyStepsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient FileFault fault;

    TooManyStepsException(FileFault fault) {
      super(fault.text());
      this.fault = fault;
    }

    FileFault fault() {
      return fault;
    }
  }

  @Override
  public void enterElement(Environment environment, TracedElement element) {
    if (++steps > stepsMax) {
      throw new TooManyStepsException(
          new FileFault(
              element.getTemplate().getName(),
              element.getBeginLine(),
              "The template takes more than "
                  + stepsMax
                  + " steps: its loops, or lists in lists, go round too often."));
    }
  }

  @Override
  public void exitElement(Environment environment, TracedElement element) {
    // Only beginnings count.
  }
}
